package org.overpak.rpm;

/// A row of the table `Packages`.
@SuppressWarnings("ArrayRecordComponent") // parsed once, never compared
record HeaderRow(int number, byte[] blob) {}
