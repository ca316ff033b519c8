package org.overpak.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// What a test expects to fail, as people see it.
public final class Failures {
  private Failures() {}

  /// What RUN fails with, which must lead to CODE.
  public static OverpakException of(ExitCode code, ThrowingCallable run) {
    OverpakException failure = catchThrowableOfType(OverpakException.class, run);
    assertThat(failure).as("a failure for people").isNotNull();
    assertThat(failure.exitCode()).as(failure.getMessage()).isEqualTo(code);
    return failure;
  }
}
