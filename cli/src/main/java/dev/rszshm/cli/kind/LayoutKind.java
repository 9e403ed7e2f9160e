package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.structures.struct.StoredLayout;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Layouts of structs, which are lines of text with a hash. */
final class LayoutKind implements Kind {
  private static final String NAME = "struct layout";

  private static Optional<StoredLayout> layout(Root root) {
    root.length(1); // that there is a block
    String name =
        StoredLayout.nameOf(root.entry())
            .orElseThrow(
                () -> new IllegalStateException("its name is not that of a layout of a struct"));
    return StoredLayout.find(root.allocator(), name);
  }

  @Override
  public Description describe(Root root) {
    Optional<StoredLayout> layout = layout(root);
    if (layout.isEmpty()) {
      return new Description(NAME, "layout of a struct that nobody has stored yet", Map.of());
    }
    StoredLayout l = layout.get();
    long fields = l.lines().stream().filter(line -> !line.matches("version [0-9].*")).count();
    return new Description(
        NAME,
        "layout of the struct "
            + l.name()
            + ", version "
            + l.version()
            + ": "
            + StructureKind.count(fields, "field")
            + " in "
            + StructureKind.count(l.length(), "byte"),
        Json.object(
            "struct", l.name(),
            "version", (long) l.version(),
            "structLength", l.length(),
            "alignment", l.alignment(),
            "extensible", l.isExtensible(),
            "fields", fields));
  }

  /** What is wrong is thrown: there is a hash of all. */
  @Override
  public List<Finding> check(Root root) {
    layout(root);
    return List.of();
  }

  @Override
  public Optional<String> remains(Root root) {
    return Optional.of(
        "structs and arrays of this layout could not be read by their fields, and its text would"
            + " stay allocated");
  }

  @Override
  public void dump(Root root, PrintStream out, int most) {
    List<String> lines = layout(root).map(StoredLayout::lines).orElse(List.of());
    StructureKind.print(lines.iterator(), out, most, line -> line.replaceAll("\\p{Cntrl}", "?"));
  }
}
