package org.overpak.install;

import org.overpak.rpm.Nevra;
import org.overpak.tree.TreePath;

/// A file that an app's package installs outside `/app`: Flatpak would drop it.
public record Leak(Nevra nevra, TreePath path) {}
