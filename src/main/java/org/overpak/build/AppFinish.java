package org.overpak.build;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.overpak.flatpak.AppCommand;
import org.overpak.flatpak.CommitTree;
import org.overpak.flatpak.Exports;
import org.overpak.flatpak.FinishArgs;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.PostProcessing;
import org.overpak.flatpak.Ref;
import org.overpak.flatpak.SplitRefs;
import org.overpak.oci.ImageConfig;
import org.overpak.spec.FlatpakSpec;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The second half of making an app, the same whichever way its files came together: from the tree
/// of `/app` to the image that Flatpak installs. Post-processing, metadata, exports and labels
/// belong here and nowhere else.
///
/// @param runtime what the app is built on
/// @param runtimeMetadata of that runtime
/// @param timestamp of the image and all in it, in seconds since 1970
/// @param notes hears what is not wrong but worth a look
record AppFinish(
    FlatpakSpec spec,
    Ref runtime,
    Metadata runtimeMetadata,
    long timestamp,
    Consumer<String> notes) {

  /// Where an app's files are, at build time and when it runs.
  static final TreePath APP = new TreePath("app");

  /// The images of an app with the files INSTALLED, which are seen from `/app`.
  ///
  /// @throws org.overpak.OverpakException (SPEC, PACKAGE) if what the spec asks for cannot be done
  FinishedApp finish(FileTree installed) {
    var ref = new Ref(Ref.Kind.APP, spec.id(), runtime.arch(), spec.branch());
    FileTree app =
        PostProcessing.apply(
            spec.splitRefs().arranged(installed), spec.id(), spec.exports(), notes);
    FinishArgs arguments = arguments(app);
    Metadata metadata = arguments.finish(baseMetadata(ref), runtimeMetadata);
    Exports exports =
        arguments.hasExports()
            ? Exports.collect(app, ref.id(), arguments.ownNames())
            : Exports.NONE;
    exports
        .skipped()
        .forEach(file -> notes.accept("/app" + file.path() + " is not exported: " + file.why()));
    exports.warnings().forEach(notes);
    SplitRefs.Divided divided = spec.splitRefs().divide(app, ref, metadata);
    var image =
        new CommitImage(
            ref,
            divided.metadata(),
            CommitTree.ofApp(divided.files(), divided.metadata(), exports.tree(), timestamp),
            timestamp,
            ImageConfig.Execution.NONE,
            SpecLabels.of(spec, ref));
    return new FinishedApp(
        image, divided.extensions().stream().map(one -> CommitImage.of(one, timestamp)).toList());
  }

  /// What `flatpak build-init` writes, tags included.
  private Metadata baseMetadata(Ref ref) {
    Ref sdk = RuntimeSdk.of(spec.runtime().sdk(), runtime, runtimeMetadata);
    Metadata plain = Metadata.ofApp(ref, runtime, sdk);
    return spec.tags().isEmpty()
        ? plain
        : Metadata.of(plain.keyfile().with("Application", "tags", spec.tags()));
  }

  /// Those of the spec, and the command that `flatpak build-finish` finds where none is given.
  private FinishArgs arguments(FileTree app) {
    List<String> words = SpecArguments.of(spec, runtime.arch());
    FinishArgs arguments = FinishArgs.parse(words);
    arguments.clientNotes().forEach(notes);
    Optional<String> command = arguments.command();
    if (command.isPresent()) {
      AppCommand.check(command.get(), app, notes);
      return arguments;
    }
    return AppCommand.find(app, notes)
        .map(found -> FinishArgs.parse(append(words, "--command=" + found)))
        .orElse(arguments);
  }

  private static List<String> append(List<String> words, String word) {
    return Stream.concat(words.stream(), Stream.of(word)).toList();
  }

  /// Where the image has those of PATHS that lie in PREFIX; one that post-processing moves is not
  /// found there, which costs nothing but that it is compressed with the rest.
  static Set<TreePath> pathsInCommit(Set<TreePath> paths, TreePath prefix) {
    Set<TreePath> result = new HashSet<>();
    for (TreePath path : paths) {
      if (path.startsWith(prefix)) {
        result.add(path.move(prefix, CommitTree.FILES));
      }
    }
    return result;
  }
}
