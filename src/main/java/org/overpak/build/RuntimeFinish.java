package org.overpak.build;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.overpak.Progress;
import org.overpak.flatpak.CommitTree;
import org.overpak.flatpak.FinishArgs;
import org.overpak.flatpak.HybridLayout;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.Ref;
import org.overpak.flatpak.RuntimeFiles;
import org.overpak.oci.ImageName;
import org.overpak.spec.FlatpakSpec;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The second half of making a runtime, the same whichever way its packages were installed: from
/// the root of the system to the hybrid image.
///
/// @param arch in Flatpak's name
/// @param timestamp of the image and all in it, in seconds since 1970
/// @param notes hears what is not wrong but worth a look
record RuntimeFinish(FlatpakSpec spec, String arch, long timestamp, Consumer<String> notes) {
  private static final TreePath USR = new TreePath("usr");
  private static final TreePath ETC = new TreePath("etc");
  private static final TreePath FILES_ETC = new TreePath("files/etc");

  /// A runtime about to be written.
  ///
  /// @param dropped what of the root is not in the image
  record Finished(CommitImage image, List<RuntimeFiles.Dropped> dropped) {
    Finished {
      dropped = List.copyOf(dropped);
    }

    /// Writes the image and returns what it became.
    ///
    /// @param parts as in {@link CommitImage#writeInto}
    WrittenImage write(
        ImageName output,
        LayoutChoice layout,
        List<Set<TreePath>> parts,
        WorkDirectory work,
        Progress progress) {
      return new ImageOutput(output, work)
          .write(
              List.of(
                  into ->
                      layout.writeInto(
                          into, image, LayoutChoice.Layout.HYBRID, parts, work, progress)))
          .getFirst();
    }
  }

  /// The image of the system ROOT.
  ///
  /// @throws org.overpak.OverpakException as {@link RuntimeFiles#of} and {@link
  ///   CommitTree#canonical} do
  Finished finish(FileTree root) {
    var ref = new Ref(Ref.Kind.RUNTIME, spec.id(), arch, spec.branch());
    Metadata metadata = metadata(ref);
    RuntimeFiles files = RuntimeFiles.of(root);
    FileTree tree =
        HybridLayout.addTo(CommitTree.ofRuntime(files.files(), metadata, timestamp), timestamp);
    return new Finished(
        new CommitImage(
            ref, metadata, tree, timestamp, SystemExecution.of(tree), SpecLabels.of(spec, ref)),
        files.dropped());
  }

  private Metadata metadata(Ref ref) {
    Ref named =
        spec.runtime().id().isEmpty()
            ? ref
            : new Ref(Ref.Kind.RUNTIME, spec.runtime().id(), ref.arch(), ref.branch());
    Ref sdk =
        spec.runtime().sdk().isEmpty()
            ? ref
            : new Ref(Ref.Kind.RUNTIME, spec.runtime().sdk(), ref.arch(), ref.branch());
    Metadata plain = Metadata.ofRuntime(ref, named, sdk);
    FinishArgs arguments = FinishArgs.parse(SpecArguments.of(spec, ref.arch()));
    arguments.clientNotes().forEach(notes);
    return arguments.finish(plain);
  }

  /// What of the system ROOT comes into the image.
  static FileTree kept(FileTree root) {
    return root.filter((path, _) -> path.startsWith(USR) || path.startsWith(ETC));
  }

  /// Where the image has those of PATHS of the root that it keeps.
  static Set<TreePath> pathsInCommit(Set<TreePath> paths) {
    Set<TreePath> result = new HashSet<>();
    for (TreePath path : paths) {
      if (path.startsWith(USR)) {
        result.add(path.move(USR, CommitTree.FILES));
      } else if (path.startsWith(ETC)) {
        result.add(path.move(ETC, FILES_ETC));
      }
    }
    return result;
  }
}
