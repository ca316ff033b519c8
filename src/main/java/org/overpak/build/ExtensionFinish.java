package org.overpak.build;

import java.util.List;
import java.util.function.Consumer;
import org.overpak.flatpak.CommitTree;
import org.overpak.flatpak.ExtensionParent;
import org.overpak.flatpak.FinishArgs;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.PostProcessing;
import org.overpak.flatpak.Ref;
import org.overpak.oci.ImageConfig;
import org.overpak.spec.FlatpakSpec;
import org.overpak.tree.FileTree;

/// The second half of making an extension, as {@link AppFinish} is of an app: an extension exports
/// nothing, starts nothing and inherits no permissions.
///
/// @param runtime that it is built on and runs in
/// @param timestamp of the image and all in it, in seconds since 1970
/// @param notes hears what is not wrong but worth a look
record ExtensionFinish(
    FlatpakSpec spec,
    ExtensionParent parent,
    RuntimeImage runtime,
    long timestamp,
    Consumer<String> notes) {

  /// The image of an extension with the files INSTALLED, which are seen from where it is mounted.
  ///
  /// @throws org.overpak.OverpakException (SPEC, PACKAGE) if what the spec asks for cannot be done
  FinishedApp finish(FileTree installed) {
    var ref = new Ref(Ref.Kind.RUNTIME, spec.id(), runtime.ref().arch(), spec.branch());
    List<String> branches = parent.branches(ref.id());
    if (!branches.contains(ref.branch())) {
      notes.accept(
          "%s looks for %s of branch %s, not %s: correct 'branch'"
              .formatted(parent.ref(), ref.id(), String.join(" or ", branches), ref.branch()));
    }
    FileTree files = PostProcessing.apply(installed, ref.id(), spec.exports(), notes);
    Ref sdk = RuntimeSdk.of(spec.runtime().sdk(), runtime.ref(), runtime.metadata());
    FinishArgs arguments = FinishArgs.parse(SpecArguments.of(spec, ref.arch()));
    arguments.clientNotes().forEach(notes);
    Metadata metadata = arguments.finish(parent.metadataOf(ref, runtime.ref(), sdk, spec.tags()));
    var image =
        new CommitImage(
            ref,
            metadata,
            CommitTree.ofRuntime(files, metadata, timestamp),
            timestamp,
            ImageConfig.Execution.NONE,
            SpecLabels.of(spec, ref));
    return new FinishedApp(image, List.of());
  }
}
