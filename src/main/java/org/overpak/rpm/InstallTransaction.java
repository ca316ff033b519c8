package org.overpak.rpm;

/// What the database says of the transaction that installed a package.
///
/// @param time of its first installation, seconds since 1970, UTC, below 2³²; for a result that can
///   be made again, that of SOURCE_DATE_EPOCH
/// @param id the same for all packages of one transaction; rpm takes the time at which it started
/// @param color bits of the ELF classes that may be installed side by side (`%_transaction_color`):
///   1 for 32, 2 for 64 bits, 0 where colors are not looked at
public record InstallTransaction(long time, long id, int color) {
  public InstallTransaction {
    if (time >>> Integer.SIZE != 0 || id >>> Integer.SIZE != 0) {
      throw new IllegalArgumentException("rpm keeps times in 32 bits: " + time + ", " + id);
    }
  }

  /// This transaction when it has installed COUNT packages more: a second passes with each, as in
  /// rpm where SOURCE_DATE_EPOCH stops its clock (rpmts.c, `rpmtsGetTime`).
  InstallTransaction after(int count) {
    return new InstallTransaction(time + count, id, color);
  }

  /// A transaction at TIME for packages of the architecture ARCH, as rpm names it.
  public static InstallTransaction at(long time, String arch) {
    return new InstallTransaction(time, time, color(arch));
  }

  /// What rpm's own macros say where a distribution's do not (rpm: installplatform).
  private static int color(String arch) {
    return switch (arch) {
      case "x86_64",
          "x86_64_v2",
          "x86_64_v3",
          "x86_64_v4",
          "amd64",
          "ia32e",
          "aarch64",
          "ppc64",
          "ppc64p7",
          "ppc64le",
          "s390x",
          "riscv64",
          "loongarch64",
          "sparc64",
          "sparc64v",
          "mips64",
          "mips64el",
          "mips64r6",
          "mips64r6el" ->
          3;
      default -> 0;
    };
  }
}
