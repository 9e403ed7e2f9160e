package dev.rszshm.structures.struct;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Writes a layout as a header in C. The fields of nested structs become members of their own, so
 * that each place is said once and a compiler has nothing to add.
 */
final class CHeader {
  /** Words of C, and of its headers, that a component of a record can be named. */
  private static final Set<String> RESERVED =
      Set.of(
          "auto",
          "bool",
          "extern",
          "inline",
          "register",
          "restrict",
          "signed",
          "sizeof",
          "struct",
          "typedef",
          "union",
          "unsigned",
          "asm",
          "typeof",
          "alignas",
          "alignof",
          "constexpr",
          "nullptr",
          "thread_local",
          "linux",
          "unix");

  /** Words of C that are words of Java too, so that no component of a record has them as a name. */
  private static final Set<String> OF_BOTH =
      Set.of(
          "break",
          "case",
          "char",
          "const",
          "continue",
          "default",
          "do",
          "double",
          "else",
          "enum",
          "float",
          "for",
          "goto",
          "if",
          "int",
          "long",
          "return",
          "short",
          "static",
          "switch",
          "void",
          "volatile",
          "while");

  private final StructLayout<?> layout;
  private final String prefix;
  private final StringBuilder text = new StringBuilder();

  /** What fields are called in C. */
  private final Map<StructField, String> members = new LinkedHashMap<>();

  CHeader(StructLayout<?> layout, String prefix) {
    this.layout = layout;
    this.prefix = RESERVED.contains(prefix) || OF_BOTH.contains(prefix) ? prefix + "_" : prefix;
    Set<String> names = new HashSet<>(RESERVED);
    for (StructField field : layout.fields()) {
      String member = field.name().replace('.', '_');
      while (!names.add(member)) {
        member += "_";
      }
      members.put(field, member);
    }
  }

  String text() {
    String constant = prefix.toUpperCase(Locale.ROOT);
    line("/* The struct \"%s\", version %d. Generated. */", layout.name(), layout.version());
    line("#ifndef %s_STRUCT_H", constant);
    line("#define %s_STRUCT_H", constant);
    line("");
    line("#include <stdbool.h>");
    line("#include <stddef.h>");
    line("#include <stdint.h>");
    line("");
    line("#define %s_LAYOUT_HASH UINT64_C(0x%016x)", constant, layout.hash());
    line("#define %s_LAYOUT_VERSION %d", constant, layout.version());
    line("");
    line("struct %s {", prefix);
    declareMembers();
    line("};");
    line("");
    assertion("sizeof(struct " + prefix + ")", layout.length());
    assertion("_Alignof(struct " + prefix + ")", layout.alignment());
    members.forEach(
        (field, member) ->
            assertion("offsetof(struct " + prefix + ", " + member + ")", field.offset()));
    line("");
    line("#endif");
    return text.toString();
  }

  /**
   * The first member is aligned as the whole; before each other one is what it takes to be there.
   */
  private void declareMembers() {
    String alignas = "_Alignas(" + layout.alignment() + ") ";
    long end = 0;
    int fillings = 0;
    if (layout.isExtensible()) {
      line("    %suint32_t rszshm_length; /* in bytes, as it was made */", alignas);
      line("    uint32_t rszshm_version; /* of the layout it was made with */");
      alignas = "";
      end = StructHeaderLayout.HEADER_LENGTH;
    }
    for (Map.Entry<StructField, String> entry : members.entrySet()) {
      StructField field = entry.getKey();
      if (field.offset() > end) {
        line("    unsigned char rszshm_filling_%d[%d];", fillings++, field.offset() - end);
      }
      line(
          "    %s%s %s%s;%s",
          alignas,
          field.type().typeInC(),
          entry.getValue(),
          field.isArray() ? "[" + field.count() + "]" : "",
          comment(field));
      alignas = "";
      end = field.end();
    }
    if (layout.length() - end >= layout.alignment()) {
      line("    unsigned char rszshm_filling_%d[%d];", fillings, layout.length() - end);
    }
  }

  private static String comment(StructField field) {
    String reference = field.type().isReference() ? field.type() + " of " + field.target() : "";
    String since = field.since() > 1 ? "since version " + field.since() : "";
    String both = reference + (reference.isEmpty() || since.isEmpty() ? "" : ", ") + since;
    return both.isEmpty() ? "" : " /* " + both + " */";
  }

  private void assertion(String expression, long value) {
    line("_Static_assert(%s == %d, \"%s\");", expression, value, layout.name());
  }

  private void line(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
