package org.overpak.repo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.repo.Verdict.Reason;
import org.overpak.rpm.Coverage;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageFile;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.PackageSignature;

/// Decides whether a downloaded package is the promised one, and whether the repository's keys
/// vouch for all of it, as `rpm --checksig` does with nothing but these keys imported and the level
/// `signature` (rpmvs.cc, `rpmvsVerify`).
final class PackageVerifier {
  private static final String SOURCE = "src";

  private final RepositoryKeys keys;
  private final Map<RepositoryConfig, Keyring> keyrings = new ConcurrentHashMap<>();

  PackageVerifier(RepositoryKeys keys) {
    this.keys = keys;
  }

  VerifiedPackage verify(PackageSource source, Path path) {
    PackageFile file =
        source.nevra().arch().equals(SOURCE)
            ? PackageFile.openSource(path)
            : PackageFile.open(path);
    Nevra actual = nevra(file.header());
    if (!actual.equals(source.nevra())) {
      throw new OverpakException(
          ExitCode.UNTRUSTED,
          path + " is the package " + actual + ", but is offered as " + source.nevra(),
          "Do not use the repository '" + source.repository().id() + "': tell its owner.");
    }
    if (!source.repository().trust().gpgcheck()) {
      return new VerifiedPackage(source, file, null);
    }
    Keyring keyring = keyrings.computeIfAbsent(source.repository(), keys::of);
    return switch (signature(file, keyring)) {
      case Verdict.Good good -> new VerifiedPackage(source, file, good);
      case Verdict.Refused refused -> throw untrusted(source, refused);
    };
  }

  /// As repositories call it: a source package is of the architecture {@link #SOURCE}, whatever it
  /// was made on (createrepo_c, `parsehdr.c`).
  private static Nevra nevra(PackageHeader header) {
    Nevra nevra = header.nevra();
    return header.isSource() ? new Nevra(nevra.name(), nevra.evr(), SOURCE) : nevra;
  }

  /// What the signatures of FILE prove of all of it.
  static Verdict signature(PackageFile file, Keyring keyring) {
    List<PackageSignature> signatures = file.signatures();
    @Nullable Verdict best = null;
    for (PackageSignature signature : signatures) {
      Verdict verdict = verify(file, signature, keyring);
      switch (verdict) {
        case Verdict.Good _ -> best = verdict;
        case Verdict.Refused(var reason, _) when reason == Reason.BAD_SIGNATURE -> {
          return verdict;
        }
        case Verdict.Refused _ -> best = best == null ? verdict : best;
      }
    }
    return best == null ? new Verdict.Refused(Reason.UNSIGNED, "it is not signed") : best;
  }

  private static Verdict verify(PackageFile file, PackageSignature signature, Keyring keyring) {
    try (InputStream in = file.open(signature.coverage())) {
      Verdict verdict = keyring.verify(signature.packet(), in);
      if (verdict instanceof Verdict.Good
          && signature.coverage() == Coverage.HEADER
          && !file.verify().isPayloadBoundToHeader()) {
        return new Verdict.Refused(
            Reason.UNUSABLE_SIGNATURE, "only its header is signed, without a payload digest");
      }
      return verdict;
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          "cannot read " + file.path() + ": " + e.getMessage(),
          "Check that it may be read.",
          e);
    }
  }

  private static OverpakException untrusted(PackageSource source, Verdict.Refused refused) {
    String id = source.repository().id();
    return new OverpakException(
        ExitCode.UNTRUSTED,
        "package "
            + source.nevra()
            + " of repository '"
            + id
            + "' is not trusted: "
            + refused.explanation(),
        switch (refused.reason()) {
          case UNSIGNED ->
              "Sign it, or accept unsigned packages of this repository: --no-gpgcheck " + id + ".";
          case UNKNOWN_KEY ->
              "If that key is the repository's, add it to gpgkey in its configuration.";
          case BAD_SIGNATURE -> "Do not use it: tell the repository's owner.";
          case UNUSABLE_KEY, UNUSABLE_SIGNATURE ->
              "Have it signed again with a valid key and SHA-256 or better.";
        });
  }
}
