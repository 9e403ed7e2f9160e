package dev.rszshm.cli.kind;

import dev.rszshm.structures.struct.FieldType;
import dev.rszshm.structures.struct.StoredLayout;
import dev.rszshm.structures.struct.StructField;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The fields of structs, as the layout that is stored beside them says. */
final class StructText {
  private static final int MOST_ELEMENTS = 64;

  private StructText() {}

  /**
   * Returns the fields that a struct has: not those of versions newer than its own, nor those that
   * its bytes have no room for.
   */
  static List<StructField> fields(StoredLayout layout, byte[] struct) {
    long length = struct.length;
    int version = Integer.MAX_VALUE;
    if (layout.isExtensible()) {
      ByteBuffer header = ByteBuffer.wrap(struct).order(ByteOrder.LITTLE_ENDIAN);
      boolean made = struct.length >= Long.BYTES && header.getLong(0) != 0;
      length = made ? Math.min(length, Integer.toUnsignedLong(header.getInt(0))) : length;
      version = made ? header.getInt(Integer.BYTES) : 1;
    }
    long end = length;
    int newest = version;
    return layout.fields().stream()
        .filter(field -> field.since() <= newest && field.end() <= end)
        .toList();
  }

  /** Says that structs of a layout refer to blocks, which stay when they go; empty if not. */
  static Optional<String> references(StoredLayout layout) {
    String names =
        layout.fields().stream()
            .filter(field -> field.type() == FieldType.SLOT || field.type() == FieldType.BLOCK)
            .map(StructField::name)
            .collect(Collectors.joining(", "));
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of("blocks that its fields refer to (" + names + ") would stay allocated");
  }

  /** Returns the value of one of these fields. */
  static String value(StructField field, byte[] struct) {
    byte[] bytes = Arrays.copyOfRange(struct, (int) field.offset(), (int) field.end());
    if (field.type() == FieldType.UTF8) {
      return ElementText.ofText(bytes);
    }
    if (!field.isArray()) {
      return value(field.type(), bytes);
    }
    List<String> elements = new ArrayList<>();
    int length = field.type().length();
    for (int i = 0; i < Math.min(field.count(), MOST_ELEMENTS); i++) {
      elements.add(value(field.type(), Arrays.copyOfRange(bytes, i * length, (i + 1) * length)));
    }
    return "["
        + String.join(", ", elements)
        + (field.count() > MOST_ELEMENTS ? ", … (" + field.count() + " elements)" : "")
        + "]";
  }

  /** A slot is a word of the allocator, which tells nothing but whether it is empty. */
  private static String value(FieldType type, byte[] bytes) {
    return type == FieldType.SLOT && Arrays.equals(bytes, new byte[bytes.length])
        ? "empty"
        : ElementText.of(type.toString(), bytes);
  }

  /** Returns all fields of a struct in one line. */
  static String of(StoredLayout layout, byte[] struct) {
    return fields(layout, struct).stream()
        .map(field -> field.name() + " = " + value(field, struct))
        .collect(Collectors.joining(", "));
  }
}
