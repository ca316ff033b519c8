package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileCapabilitiesTest {

  /// As setcap(8) writes them and `getfattr -e hex` shows them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cap_net_raw=ep             | 0100000200200000000000000000000000000000
          cap_net_raw+ep             | 0100000200200000000000000000000000000000
          = cap_net_raw+p            | 0000000200200000000000000000000000000000
          cap_net_admin,cap_net_raw=p| 0000000200300000000000000000000000000000
          cap_sys_admin=i            | 0000000200000000000020000000000000000000
          cap_bpf=ep                 | 0100000200000000000000008000000000000000
          cap_setuid=p cap_setgid=p  | 00000002c0000000000000000000000000000000
          """)
  void encodesAsTheKernelReadsThem(String text, String hex) {
    assertThat(FileCapabilities.attribute(text)).hasToString(hex);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cap_net_raw",
        "net_raw=ep",
        "cap_x=p",
        "cap_net_raw=q",
        "cap_kill=ep cap_chown=p"
      })
  void rejectsWhatAFileCannotHave(String text) {
    assertThatThrownBy(() -> FileCapabilities.attribute(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
