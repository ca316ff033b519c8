/// Commands, progress, exit codes and the rendering of errors. The only room that prints; knows no
/// formats.
@NullMarked
package org.overpak.cli;

import org.jspecify.annotations.NullMarked;
