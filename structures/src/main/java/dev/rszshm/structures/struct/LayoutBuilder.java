package dev.rszshm.structures.struct;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Gives each field its place, by the rules of C: in their order, each at a multiple of its
 * alignment, and the whole as long as a multiple of the greatest.
 */
final class LayoutBuilder {
  /** The most bytes of a struct. */
  static final long MAX_LENGTH = 1L << 30;

  private static final int MAX_FIELDS = 4096;
  private static final int MAX_ALIGNMENT = 4096;
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");

  private final String name;
  private final boolean extensible;
  private final List<StructField> fields = new ArrayList<>();
  private final List<LayoutVersion.Extent> extents = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private long end;
  private long alignment = 1;
  private int version = 1;

  LayoutBuilder(String name, boolean extensible) {
    this.name = requireName(name, "a struct");
    this.extensible = extensible;
    if (extensible) {
      end = StructHeaderLayout.HEADER_LENGTH;
      alignment = Long.BYTES;
    }
  }

  static String requireName(String name, String what) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          what
              + " is named \""
              + name
              + "\", expected 1 to 64 letters of ASCII, digits and underscores, no digit first: give"
              + " it such a name with @Name");
    }
    return name;
  }

  /** Adds a field, or a fixed array of some elements. */
  StructField add(
      String field,
      FieldType type,
      String target,
      boolean isArray,
      int count,
      int align,
      int since) {
    begin(field, since);
    if (count < 1) {
      throw refused(field, "has a length of " + count + ", expected 1 or more in @Length");
    }
    align(field, Math.max(type.length(), requireAlignment(field, align)));
    StructField added = new StructField(field, type, target, isArray, count, end, since);
    append(added);
    return added;
  }

  /**
   * Adds the fields of a nested struct, whose names get the name of the outer one before them.
   *
   * @return where it begins
   */
  long addNested(String field, StructLayout<?> nested, int align, int since) {
    begin(field, since);
    long begin = beginNested(field, nested, align);
    appendNested(field, nested, since);
    return begin;
  }

  /**
   * Adds the fields of some nested structs, one behind the other, whose names get the name of the
   * outer one and the index before them.
   *
   * @return where the first one begins
   */
  long addNestedArray(String field, StructLayout<?> nested, int count, int align, int since) {
    begin(field, since);
    if (count < 1) {
      throw refused(field, "has a length of " + count + ", expected 1 or more in @Length");
    }
    long begin = beginNested(field, nested, align);
    for (int i = 0; i < count; i++) {
      appendNested(field + "." + i, nested, since);
    }
    return begin;
  }

  private long beginNested(String field, StructLayout<?> nested, int align) {
    if (nested.isExtensible()) {
      throw refused(
          field,
          "is the extensible struct \""
              + nested.name()
              + "\", which cannot be nested, since it may become longer: refer to it by a Slot or a"
              + " Block");
    }
    align(field, Math.max(nested.alignment(), requireAlignment(field, align)));
    return end;
  }

  private void appendNested(String field, StructLayout<?> nested, int since) {
    long begin = end;
    for (StructField inner : nested.fields()) {
      append(
          new StructField(
              field + "." + inner.name(),
              inner.type(),
              inner.target(),
              inner.isArray(),
              inner.count(),
              begin + inner.offset(),
              since));
    }
    end = begin + nested.length();
  }

  private void begin(String field, int since) {
    requireName(field, "a field of \"" + name + "\"");
    if (!names.add(field)) {
      throw refused(field, "is declared twice: give one of them another name with @Name");
    }
    if (since < version) {
      throw refused(
          field,
          String.format(
              Locale.ROOT,
              "was added in version %d, behind a field of version %d: fields are added at the end"
                  + " only, behind all older ones",
              since,
              version));
    }
    if (since > 1 && !extensible) {
      throw refused(
          field,
          "was added later, but the struct has no header to tell so: it must have been"
              + " @Extensible from the beginning, or get another name");
    }
    if (since > version) {
      if (!fields.isEmpty()) {
        endVersion();
      }
      version = since;
    }
  }

  private int requireAlignment(String field, int align) {
    if (align < 1 || align > MAX_ALIGNMENT || Integer.bitCount(align) != 1) {
      throw refused(
          field, "is aligned to " + align + ", expected a power of two from 1 to " + MAX_ALIGNMENT);
    }
    return align;
  }

  private void align(String field, long to) {
    end = (end + to - 1) & -to;
    alignment = Math.max(alignment, to);
    if (end > MAX_LENGTH) {
      throw refused(field, "makes the struct longer than " + MAX_LENGTH + " bytes");
    }
  }

  private void append(StructField field) {
    if (field.end() > MAX_LENGTH || fields.size() == MAX_FIELDS) {
      throw refused(
          field.name(),
          "makes the struct longer than " + MAX_LENGTH + " bytes or " + MAX_FIELDS + " fields");
    }
    fields.add(field);
    end = field.end();
  }

  private void endVersion() {
    long length = (end + alignment - 1) & -alignment;
    extents.add(new LayoutVersion.Extent(version, fields.size(), length, alignment));
  }

  private IllegalArgumentException refused(String field, String why) {
    return new IllegalArgumentException("field \"" + field + "\" of \"" + name + "\" " + why);
  }

  /** Returns the layout, of records that are read and written by a mapping. */
  <S> StructLayout<S> build(RecordMapping<S> mapping) {
    if (fields.isEmpty()) {
      throw new IllegalArgumentException("the struct \"" + name + "\" has no field");
    }
    endVersion();
    return new StructLayout<>(
        name, extensible, fields, LayoutVersion.of(extents, fields, extensible), mapping);
  }
}
