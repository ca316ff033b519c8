/// A filesystem image as a value. A {@link org.overpak.tree.FileTree} is immutable and path-sorted;
/// overlay, subtree, filter and path mapping are functions from trees to trees, and a directory can
/// be read into one. Content stays where it is, as a slice of something that can be read again,
/// until a sink asks for it. No archive or package format may enter here.
@NullMarked
package org.overpak.tree;

import org.jspecify.annotations.NullMarked;
