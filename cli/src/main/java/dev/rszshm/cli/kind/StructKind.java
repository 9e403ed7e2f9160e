package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.structures.struct.StoredLayout;
import dev.rszshm.structures.struct.StructField;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A struct of its own, shown by the layout that is stored beside it. */
final class StructKind implements Kind {
  /** More than the longest struct that is shown. */
  private static final long MOST_LENGTH = 1 << 24;

  private final StoredLayout layout;

  StructKind(StoredLayout layout) {
    this.layout = layout;
  }

  private byte[] struct(Root root) {
    long length = Math.min(MOST_LENGTH, root.length(layout.alignment()));
    return root.heap().getBytes(root.place(layout.alignment()), (int) length);
  }

  @Override
  public Description describe(Root root) {
    List<StructField> fields = StructText.fields(layout, struct(root));
    long length = root.length(layout.alignment());
    return new Description(
        "struct",
        "struct "
            + layout.name()
            + ": "
            + StructureKind.count(fields.size(), "field")
            + " in "
            + StructureKind.count(length, "byte"),
        Json.object(
            "struct", layout.name(),
            "fields", fields.stream().map(StructField::name).toList(),
            "offset", root.place(layout.alignment())));
  }

  /** Any bytes are a struct; its layout is checked as a root of its own. */
  @Override
  public List<Finding> check(Root root) {
    root.length(layout.alignment()); // that there is a block
    return List.of();
  }

  @Override
  public Optional<String> remains(Root root) {
    return StructText.references(layout);
  }

  @Override
  public void dump(Root root, PrintStream out, int most) {
    byte[] struct = struct(root);
    StructureKind.print(
        StructText.fields(layout, struct).iterator(),
        out,
        most,
        field -> field.name() + " = " + StructText.value(field, struct));
  }

  @Override
  public Optional<Values> values(Root root) {
    return Optional.of(new Fields(root, struct(root)));
  }

  /** Fields by their names. */
  private final class Fields implements Values {
    private final Root root;
    private final byte[] struct;
    private final List<StructField> fields;

    Fields(Root root, byte[] struct) {
      this.root = root;
      this.struct = struct;
      this.fields = StructText.fields(layout, struct);
    }

    private Optional<StructField> field(String name) {
      return fields.stream().filter(field -> field.name().equals(name)).findFirst();
    }

    @Override
    public Optional<String> get(String key) {
      return field(key).map(field -> StructText.value(field, struct));
    }

    @Override
    public void put(String key, String value) {
      StructField field =
          field(key)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "the struct "
                              + layout.name()
                              + " has no field "
                              + key
                              + ": it has "
                              + fields.stream()
                                  .map(StructField::name)
                                  .collect(Collectors.joining(", "))));
      String type = field.type() + (field.isArray() ? "[" + field.count() + "]" : "");
      byte[] bytes =
          ElementText.parse(type, value)
              .orElseThrow(
                  () ->
                      new UnsupportedOperationException(
                          "fields of type "
                              + type
                              + " are set by programs: put sets fields that are numbers"));
      root.heap().putBytes(root.place(layout.alignment()) + field.offset(), bytes);
    }
  }
}
