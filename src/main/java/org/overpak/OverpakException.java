package org.overpak;

/// A failure that a person can cause or mend; anything else that is thrown is a bug.
///
/// The message is one paragraph: what happened, and where (file, line, package, URL without
/// secrets). The advice says what to do about it, as an imperative sentence. Each level may add
/// context by wrapping: see {@link #in}.
public final class OverpakException extends RuntimeException {
  private final ExitCode exitCode;
  private final String advice;

  public OverpakException(ExitCode exitCode, String message, String advice) {
    super(message);
    this.exitCode = exitCode;
    this.advice = advice;
  }

  public OverpakException(ExitCode exitCode, String message, String advice, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
    this.advice = advice;
  }

  /// The same failure, seen from one level up: "reading the runtime image: …".
  public OverpakException in(String context) {
    return new OverpakException(exitCode, context + ": " + getMessage(), advice, this);
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  /// What to do, as a sentence; empty where there is nothing useful to say.
  public String advice() {
    return advice;
  }
}
