/// Runs commands in a root of their own, and says exactly what they changed.
///
/// What a command sees: the root, with what was added to it, at `/`; a read-only `/proc` of its own
/// processes; a `/dev` with null, zero, full, random, urandom, tty and what goes with them; an
/// empty `/tmp` and `/run` that go with it; the loopback interface, down; the host name
/// `localhost`; user 0, with the capabilities that installing takes and none over the machine. It
/// sees no other file, process, variable, user or network of the machine. Time, `/proc`'s facts
/// about the hardware and the kernel's version are the machine's.
///
/// Knows trees and the kernel's namespaces, no packages.
@NullMarked
package org.overpak.sandbox;

import org.jspecify.annotations.NullMarked;
