package org.overpak.oci;

import java.time.Instant;

/// How a layer is written.
///
/// @param implied time of directories that a tree has only as parents of its entries
public record LayerFormat(LayerCompression compression, Instant implied) {}
