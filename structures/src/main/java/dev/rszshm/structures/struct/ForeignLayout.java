package dev.rszshm.structures.struct;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a layout of {@code java.lang.foreign} of ours. That package is there from JDK 22 on, so it
 * is used by reflection. Fields of nested structs become members of their own, with a dot in their
 * name.
 */
final class ForeignLayout {
  private static final String PACKAGE = "java.lang.foreign.";

  private final StructLayout<?> layout;

  ForeignLayout(StructLayout<?> layout) {
    this.layout = layout;
  }

  Object layout() {
    try {
      return make();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (ClassNotFoundException e) {
      throw unsupported(e);
    } catch (Throwable e) {
      throw new IllegalStateException("java.lang.foreign refused the layout: " + e, e);
    }
  }

  private static UnsupportedOperationException unsupported(@Nullable Throwable cause) {
    return new UnsupportedOperationException(
        "java.lang.foreign is there from JDK 22 on, found JDK "
            + Runtime.version().feature()
            + ": use this method on a newer one",
        cause);
  }

  private Object make() throws Throwable {
    if (Runtime.version().feature() < 22) { // before, it was a preview with other names
      throw unsupported(null);
    }
    Class<?> memoryLayout = Class.forName(PACKAGE + "MemoryLayout");
    Class<?> valueLayout = Class.forName(PACKAGE + "ValueLayout");
    Class<?> structLayout = Class.forName(PACKAGE + "StructLayout");
    Class<?> sequenceLayout = Class.forName(PACKAGE + "SequenceLayout");
    Class<?> paddingLayout = Class.forName(PACKAGE + "PaddingLayout");
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    MethodHandle withName =
        lookup.findVirtual(
            memoryLayout, "withName", MethodType.methodType(memoryLayout, String.class));
    MethodHandle withAlignment =
        lookup.findVirtual(
            memoryLayout, "withByteAlignment", MethodType.methodType(memoryLayout, long.class));
    MethodHandle padding =
        lookup.findStatic(
            memoryLayout, "paddingLayout", MethodType.methodType(paddingLayout, long.class));
    MethodHandle sequence =
        lookup.findStatic(
            memoryLayout,
            "sequenceLayout",
            MethodType.methodType(sequenceLayout, long.class, memoryLayout));
    List<Object> members = new ArrayList<>();
    long end = 0;
    if (layout.isExtensible()) {
      Object number = valueLayout.getField("JAVA_INT").get(null);
      members.add(withName.invoke(number, "rszshm_length"));
      members.add(withName.invoke(number, "rszshm_version"));
      end = StructHeaderLayout.HEADER_LENGTH;
    }
    for (StructField field : layout.fields()) {
      if (field.offset() > end) {
        members.add(padding.invoke(field.offset() - end));
      }
      Object value = valueLayout.getField(constant(field.type())).get(null);
      Object whole = field.isArray() ? sequence.invoke((long) field.count(), value) : value;
      members.add(withName.invoke(whole, field.name()));
      end = field.end();
    }
    if (layout.length() > end) {
      members.add(padding.invoke(layout.length() - end));
    }
    Object array = Array.newInstance(memoryLayout, members.size());
    for (int i = 0; i < members.size(); i++) {
      Array.set(array, i, members.get(i));
    }
    MethodHandle struct =
        lookup
            .findStatic(
                memoryLayout, "structLayout", MethodType.methodType(structLayout, array.getClass()))
            .asFixedArity();
    Object plain = struct.invoke(array);
    return withAlignment.invoke(withName.invoke(plain, layout.name()), layout.alignment());
  }

  private static String constant(FieldType type) {
    return switch (type) {
      case BOOL -> "JAVA_BOOLEAN";
      case INT8, UTF8 -> "JAVA_BYTE";
      case INT16 -> "JAVA_SHORT";
      case UINT16 -> "JAVA_CHAR";
      case INT32 -> "JAVA_INT";
      case INT64, SLOT, BLOCK -> "JAVA_LONG";
      case FLOAT32 -> "JAVA_FLOAT";
      case FLOAT64 -> "JAVA_DOUBLE";
    };
  }
}
