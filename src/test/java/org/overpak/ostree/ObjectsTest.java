package org.overpak.ostree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.overpak.Digest;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.gvariant.Variant;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.ExtendedAttribute;
import org.overpak.tree.FileTree;
import org.overpak.tree.Owner;
import org.overpak.tree.TreePath;
import org.overpak.tree.TreeText;

/// Objects and checksums that ostree 2022.7 made.
class ObjectsTest {
  /// `ostree commit -b test/one --owner-uid=0 --owner-gid=0 --no-xattrs --canonical-permissions
  /// --timestamp=@1700000000 -s subj -m "body text"` of this.
  private static final FileTree SMALL =
      TreeText.parse(
              """
              d 0755 sub
              d 0755 empty
              f 0644 zero
              l link -> hello.txt
              f 0644 sub/a.txt abc
              """)
          .with(new TreePath("hello.txt"), file(0644, "hello\n"))
          .with(new TreePath("run.sh"), file(0755, "#!/bin/sh\necho hi\n"));

  private static Entry.RegularFile file(int mode, String content) {
    return new Entry.RegularFile(Attributes.of(mode, 0), Content.of(content));
  }

  private static TreeObjects objects(FileTree tree) {
    var ids = new FileIds();
    ids.add(List.of(tree), Progress.SILENT);
    return TreeObjects.of(tree, ids);
  }

  private static String idOf(TreeObjects objects, String path) {
    return objects.files().entrySet().stream()
        .filter(file -> file.getValue().paths().contains(new TreePath(path)))
        .map(file -> file.getKey().hex())
        .findFirst()
        .orElse("not there");
  }

  @ParameterizedTest
  @CsvSource({
    "hello.txt, 44f778e59f0a4748d6b0c90a47347212a231c4ad1e8f7ea5c5dffc7749153a6b",
    "run.sh,    89b350d278ff59ba4780bc377b8ebfee8ade6b55c99fab1ec84e133bc6ea52c5",
    "zero,      cc700d46f407c6c5ab2d5dde474366a928b7398277e61162e7f8ec06f469f07e",
    "link,      f66efa496a72379413c44593de510dc344beb045294f1a543da87b2b6118db35",
    "sub/a.txt, d677154afe3bdcf72c74b6de62a4a57ea4eeb7191172b09c046e848f3c29352a"
  })
  void filesHaveTheirChecksums(String path, String id) {
    assertThat(idOf(objects(SMALL), path)).isEqualTo(id);
  }

  @Test
  void directoriesHaveTheirChecksums() {
    TreeObjects objects = objects(SMALL);
    assertThat(objects.tree().hex())
        .isEqualTo("f87d3435ab9b7d4ea6b5d1b52a4476ec70ae7cb2cb82ac437a9ed2ac6e108c0e");
    assertThat(objects.meta().hex())
        .isEqualTo("446a0ef11b7cc167f3b603e585c7eeeeb675faa412d5ec73f62988eb0b6c5488");
    assertThat(objects.metadata().keySet().stream().map(TreePath::value))
        .containsExactlyInAnyOrder(
            "objects/44/6a0ef11b7cc167f3b603e585c7eeeeb675faa412d5ec73f62988eb0b6c5488.dirmeta",
            "objects/6e/340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d.dirtree",
            "objects/bd/6b7485ecd2849b12047b8e2c120d2239f73d51e407f969f533c053266d224e.dirtree",
            "objects/f8/7d3435ab9b7d4ea6b5d1b52a4476ec70ae7cb2cb82ac437a9ed2ac6e108c0e.dirtree");
  }

  @Test
  void commitsHaveTheirChecksums() {
    SortedMap<String, Variant> metadata = new TreeMap<>();
    metadata.put("ostree.ref-binding", Variant.strings(List.of("test/one")));
    Commit first = Commit.of(metadata, "subj", "body text", 1_700_000_000L, objects(SMALL));
    assertThat(first.id().hex())
        .isEqualTo("20a90c9c2bcc43959614cd2d0fcc26c458c1c4598290e21642c9c890f4844616");
    assertThat(Commit.read(first.serialize())).isEqualTo(first);
  }

  /// One whose metadata are not sorted, with a parent.
  @Test
  void aCommitThatWasReadIsWrittenAsItWas() {
    byte[] second =
        HexFormat.of()
            .parseHex(
                """
                76657273696f6e00312e32000073080078612e696e7374616c6c65642d73697a\
                65000000000000000100000000000000007412000000000\
                06f73747265652e7265662d62696e64696e6700000000000\
                0746573742f6f6e65000900617313\
                0f335e20a90c9c2bcc43959614cd2d0fcc26c458c1c4598290e21642c9c890f4844616\
                7365636f6e64000000000000000000000000006553f1642ef3a6780b49e808\
                89193d110b2305e3685f394bb2ab4b813198e9f1ddd32221446a0ef11b7cc167\
                f3b603e585c7eeeeb675faa412d5ec73f62988eb0b6c5488b8898881\
                8161"""
                    .replace("\n", ""));
    Commit commit = Commit.read(second);
    assertThat(commit.serialize()).isEqualTo(second);
    assertThat(commit.id().hex())
        .isEqualTo("b1d3d2a7518705b669f933efb5b5045333042d0e4f1961cb211f735130c623c3");
    assertThat(commit.parent().map(Digest::hex).orElse(""))
        .isEqualTo("20a90c9c2bcc43959614cd2d0fcc26c458c1c4598290e21642c9c890f4844616");
    assertThat(commit.text("version")).isEqualTo("1.2");
    assertThatThrownBy(() -> Commit.read(java.util.Arrays.copyOf(second, second.length - 1)))
        .isInstanceOf(OverpakException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "5, 845b57f1f836a547c8cbeb3672a3f66ed404d27b0b70305ca8121069554577a3",
    "6, 51037be9e103849ad1da42df5f3e14ea41c7f8947a7f855f4199074908055ad2",
    "7, 8ac3872715f66ee996d510dd58b293853f0a9cb2aa0a95bb1c3859f48261d9cf"
  })
  void offsetsGrowWithTheDirectory(int count, String id) {
    FileTree tree = FileTree.EMPTY;
    for (int i = 0; i < count; i++) {
      tree = tree.with(new TreePath("f0" + i), file(0644, "" + i));
    }
    assertThat(objects(tree).tree().hex()).isEqualTo(id);
  }

  @Test
  void ownersAndAttributesCount() {
    TreeMap<String, ExtendedAttribute> xattrs = new TreeMap<>();
    xattrs.put("user.b", new ExtendedAttribute(new byte[] {'t', 'w', 'o'}));
    var file =
        new Entry.RegularFile(
            new Attributes(04755, new Owner(1000, 1001), 7, xattrs), Content.of("x\n"));
    assertThat(idOf(objects(FileTree.EMPTY.with(new TreePath("x"), file)), "x"))
        .isEqualTo("af60f7970d44ff1840f791f2b216132e371443634f5a706d9e82928a435b3513");
    xattrs.clear();
    xattrs.put(
        "user.d",
        new ExtendedAttribute("dirval".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    var directory = new Entry.Directory(new Attributes(0750, Owner.ROOT, 7, xattrs));
    assertThat(objects(FileTree.EMPTY.with(TreePath.ROOT, directory)).meta().hex())
        .isEqualTo("05ed560ead7118f2ca80dd7f28cf2ffed792494b76bbdfca1aa7ac276fba8512");
  }

  @Test
  void archivedHeadersAreThoseOfOstree() throws IOException {
    var header = FileHeader.of(file(0644, "hello\n"));
    byte[] bytes = header.archived(6);
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo("0000001a000000000000000000000006" + "0000000000000000000081a4000000000019");
    FileHeader.Archived read = FileHeader.readArchived(new ByteArrayInputStream(bytes));
    assertThat(read).isEqualTo(new FileHeader.Archived(header, 6, bytes.length));
  }

  @Test
  void aDirectoryThatNobodyCouldSearchIsRefused() {
    DirTree tree = DirTree.empty();
    Digest id = Digest.sha256(new byte[0]);
    tree.files().put("a", id);
    tree.files().put("b", id);
    byte[] bytes = tree.serialize();
    assertThat(DirTree.read(bytes)).isEqualTo(tree);
    byte[] swapped = bytes.clone();
    swapped[0] = 'b';
    swapped[35] = 'a';
    assertThatThrownBy(() -> DirTree.read(swapped)).hasMessageContaining("out of order");
    byte[] hostile = bytes.clone();
    hostile[0] = '/';
    assertThatThrownBy(() -> DirTree.read(hostile)).hasMessageContaining("no name of a file");
  }

  @Test
  void refsAreThoseThatOstreeAllows() {
    assertThat(List.of("a", "app/org.x.Y/x86_64/1", "os/a-b_c.d")).allMatch(Revision::isRef);
    assertThat(List.of("", "/a", "a/", "a//b", "../a", "a/../b", ".a", "a b"))
        .noneMatch(Revision::isRef);
  }
}
