package org.overpak.spec;

/// What an app or extension is built on, or what a runtime says of itself. What is not given is
/// empty.
///
/// @param id `runtime`: the Flatpak ID of the runtime. Of a runtime: the ID that its metadata names
///   as runtime, if that is not its own (an SDK names its platform)
/// @param version `runtime-version`: the branch of the runtime, also of its image's build target
/// @param name `runtime-name`: the image (Fedora: the Koji package) of the runtime
/// @param sdk `sdk`: the Flatpak ID of the SDK that metadata names
/// @param baseImage `base_image`: the image to install into, as OSBS names it
public record RuntimeSpec(String id, String version, String name, String sdk, String baseImage) {}
