package org.overpak.sandbox;

/// How a command in the sandbox ended.
///
/// @param exitCode 128 and the signal's number more if a signal ended it
/// @param output what it wrote to standard output and standard error, as one text; of much, the end
public record Completed(int exitCode, String output) {
  public boolean succeeded() {
    return exitCode == 0;
  }
}
