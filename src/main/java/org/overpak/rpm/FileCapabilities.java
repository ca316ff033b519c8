package org.overpak.rpm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.overpak.tree.ExtendedAttribute;

/// The text form of file capabilities (cap_from_text(3)) as the value of the extended attribute
/// `security.capability`, revision 2 (linux/capability.h, `vfs_cap_data`).
final class FileCapabilities {
  static final String ATTRIBUTE = "security.capability";

  private static final int REVISION_2 = 0x02000000;
  private static final int EFFECTIVE = 1;

  /// By number (linux/capability.h).
  private static final List<String> NAMES =
      List.of(
          "chown",
          "dac_override",
          "dac_read_search",
          "fowner",
          "fsetid",
          "kill",
          "setgid",
          "setuid",
          "setpcap",
          "linux_immutable",
          "net_bind_service",
          "net_broadcast",
          "net_admin",
          "net_raw",
          "ipc_lock",
          "ipc_owner",
          "sys_module",
          "sys_rawio",
          "sys_chroot",
          "sys_ptrace",
          "sys_pacct",
          "sys_admin",
          "sys_boot",
          "sys_nice",
          "sys_resource",
          "sys_time",
          "sys_tty_config",
          "mknod",
          "lease",
          "audit_write",
          "audit_control",
          "setfcap",
          "mac_override",
          "mac_admin",
          "syslog",
          "wake_alarm",
          "block_suspend",
          "audit_read",
          "perfmon",
          "bpf",
          "checkpoint_restore");

  private static final long ALL = (1L << NAMES.size()) - 1;

  private long effective;
  private long permitted;
  private long inheritable;

  private FileCapabilities() {}

  /// @throws IllegalArgumentException if TEXT is not a list of capabilities, or says that some are
  ///   effective and others not, which a file cannot express
  static ExtendedAttribute attribute(String text) {
    var result = new FileCapabilities();
    for (String clause : text.strip().split("\\s+", -1)) {
      result.apply(clause);
    }
    return new ExtendedAttribute(result.encode());
  }

  /// `NAME,NAME` and one or more of `=`, `+`, `-`, each with flags of `e`, `i`, `p`.
  private void apply(String clause) {
    int at = 0;
    while (at < clause.length() && "=+-".indexOf(clause.charAt(at)) < 0) {
      at++;
    }
    if (at == clause.length()) {
      throw new IllegalArgumentException("not a capability: '" + clause + "'");
    }
    long mask = mask(clause.substring(0, at));
    while (at < clause.length()) {
      char action = clause.charAt(at++);
      int start = at;
      while (at < clause.length() && "eip".indexOf(clause.charAt(at)) >= 0) {
        at++;
      }
      if (at < clause.length() && "=+-".indexOf(clause.charAt(at)) < 0) {
        throw new IllegalArgumentException("not a capability: '" + clause + "'");
      }
      String flags = clause.substring(start, at);
      effective = changed(effective, mask, action, flags.contains("e"));
      permitted = changed(permitted, mask, action, flags.contains("p"));
      inheritable = changed(inheritable, mask, action, flags.contains("i"));
    }
  }

  private static long changed(long set, long mask, char action, boolean named) {
    return switch (action) {
      case '=' -> named ? set | mask : set & ~mask;
      case '+' -> named ? set | mask : set;
      default -> named ? set & ~mask : set;
    };
  }

  private static long mask(String names) {
    if (names.isEmpty() || names.equals("all")) {
      return ALL;
    }
    long result = 0;
    for (String name : names.split(",", -1)) {
      int number = name.startsWith("cap_") ? NAMES.indexOf(name.substring(4)) : -1;
      if (number < 0) {
        throw new IllegalArgumentException("not a capability: '" + name + "'");
      }
      result |= 1L << number;
    }
    return result;
  }

  private byte[] encode() {
    if (effective != 0 && effective != (permitted | inheritable)) {
      throw new IllegalArgumentException("capabilities of a file are all effective or none");
    }
    return ByteBuffer.allocate(20)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(REVISION_2 | (effective == 0 ? 0 : EFFECTIVE))
        .putInt((int) permitted)
        .putInt((int) inheritable)
        .putInt((int) (permitted >>> 32))
        .putInt((int) (inheritable >>> 32))
        .array();
  }
}
