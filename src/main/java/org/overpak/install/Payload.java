package org.overpak.install;

import org.overpak.rpm.Nevra;
import org.overpak.tree.FileTree;

/// A package's payload as a tree, with paths as the package has them.
public record Payload(Nevra nevra, FileTree files) {}
