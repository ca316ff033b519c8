package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.overpak.Digest;
import org.overpak.flatpak.Ref;
import org.overpak.oci.ImageName;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.ProvideGenerator;
import org.overpak.tree.TreePath;

class ScannedRuntimeTest {
  @ParameterizedTest
  @CsvSource({
    "ld-linux-x86-64.so.2()(64bit), true",
    "ld-linux-x86-64.so.2(GLIBC_2.3)(64bit), true",
    "ld-linux-riscv64-lp64d.so.1()(64bit), true",
    "ld-linux.so.2, true",
    "ld64.so.2()(64bit), true",
    "ld.so.1, true",
    "ld-musl-x86_64.so.1()(64bit), false",
    "ld-elf.so.1()(64bit), false",
    "ld-linux-tool.so()(64bit), false",
    "libldb.so.2()(64bit), false"
  })
  void onlyALoaderOfGlibcSaysThatItTakesItsHashTables(String capability, boolean isLoader) {
    var runtime =
        new ScannedRuntime(
            new ImageName.Layout(Path.of("image"), ""),
            Digest.sha256(new byte[0]),
            new Ref(Ref.Kind.RUNTIME, "org.example.Platform", "x86_64", "1"),
            List.of(
                new ScannedRuntime.Provide(
                    ProvideGenerator.LIBRARY, capability, List.of(new TreePath("usr/lib/file")))),
            List.of());
    assertThat(
            runtime.metadata().relations().provides().contains(Dependency.named("rtld(GNU_HASH)")))
        .isEqualTo(isLoader);
  }
}
