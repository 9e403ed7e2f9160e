package dev.rszshm.structures.struct;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Reads the declaration of a layout from the components of a record. */
final class RecordDeclaration {
  private final MethodHandles.Lookup lookup;

  /** The records that are being looked at, the outermost last. */
  private final Deque<Class<?>> within = new ArrayDeque<>();

  RecordDeclaration(MethodHandles.Lookup lookup) {
    this.lookup = lookup;
  }

  /** Returns the name of the struct that a record declares. */
  static String nameOf(Class<?> type) {
    Name name = type.getAnnotation(Name.class);
    return name == null ? type.getSimpleName() : name.value();
  }

  <S> StructLayout<S> layoutOf(Class<S> type) {
    if (!type.isRecord()) {
      throw new IllegalArgumentException(
          type.getName() + " is no record: a struct is declared by a record, a component a field");
    }
    if (within.contains(type)) {
      throw new IllegalArgumentException(
          "the record "
              + type.getName()
              + " contains itself, so that it has no end: refer to it by a Slot or a Block");
    }
    within.push(type);
    try {
      boolean extensible = type.isAnnotationPresent(Extensible.class);
      LayoutBuilder builder = new LayoutBuilder(nameOf(type), extensible);
      RecordMapping<S> mapping = new RecordMapping<>(type, lookup);
      for (RecordComponent component : type.getRecordComponents()) {
        add(type, component, builder, mapping);
      }
      return builder.build(mapping);
    } finally {
      within.pop();
    }
  }

  private void add(
      Class<?> owner, RecordComponent component, LayoutBuilder builder, RecordMapping<?> mapping) {
    Name named = component.getAnnotation(Name.class);
    String name = named == null ? component.getName() : named.value();
    Align aligned = component.getAnnotation(Align.class);
    int align = aligned == null ? 1 : aligned.value();
    Since added = component.getAnnotation(Since.class);
    int since = added == null ? 1 : added.value();
    Class<?> type = component.getType();
    if (type.isRecord() && FieldType.of(type) == null) {
      requireLength(owner, component, false);
      StructLayout<?> nested = layoutOf(type);
      long offset = builder.addNested(name, nested, align, since);
      mapping.addNested(component, name, nested, since, offset);
      return;
    }
    boolean array = type.isArray();
    Class<?> single = array ? type.componentType() : type;
    if (array && single.isRecord() && FieldType.of(single) == null) {
      int count = requireLength(owner, component, true);
      StructLayout<?> nested = layoutOf(single);
      long offset = builder.addNestedArray(name, nested, count, align, since);
      mapping.addNestedArray(component, name, nested, single, count, since, offset);
      return;
    }
    if (single.isEnum()) {
      int count = requireLength(owner, component, array);
      if (single.getEnumConstants().length == 0) {
        throw new IllegalArgumentException(
            describe(owner, component)
                + " is of the enum "
                + single.getName()
                + " without constants");
      }
      mapping.addEnum(
          component, builder.add(name, FieldType.INT32, "", array, count, align, since), single);
      return;
    }
    boolean text = type == String.class;
    FieldType element = text ? FieldType.UTF8 : FieldType.of(array ? type.componentType() : type);
    if (element == null) {
      throw new IllegalArgumentException(
          describe(owner, component)
              + " is of type "
              + component.getGenericType()
              + ", expected a primitive type, a String, an enum, a record, a Slot, a Block, or an array"
              + " of all these but Strings");
    }
    int count = requireLength(owner, component, text || array);
    String target = element.isReference() ? targetOf(owner, component, array) : "";
    mapping.add(
        component, builder.add(name, element, target, text || array, count, align, since), text);
  }

  /** Returns the length of an array or text, 1 of anything else. */
  private static int requireLength(Class<?> owner, RecordComponent component, boolean expected) {
    Length length = component.getAnnotation(Length.class);
    if ((length != null) != expected) {
      throw new IllegalArgumentException(
          describe(owner, component)
              + (expected
                  ? " has no length: say with @Length how many elements the array has, or bytes the"
                      + " text"
                  : " has a @Length, which only arrays and texts have"));
    }
    return length == null ? 1 : length.value();
  }

  /** Returns the name of the struct to which a reference refers. */
  private static String targetOf(Class<?> owner, RecordComponent component, boolean array) {
    Type type = component.getGenericType();
    Type element = array && type instanceof GenericArrayType a ? a.getGenericComponentType() : type;
    Class<?> target = null;
    if (element instanceof ParameterizedType p) {
      target = raw(p.getActualTypeArguments()[0]);
    }
    if (target == null || !target.isRecord()) {
      throw new IllegalArgumentException(
          describe(owner, component)
              + " is of type "
              + type
              + ", expected one that names the record it refers to, as Slot<Node> does");
    }
    return nameOf(target);
  }

  /** The class of a type; null if it has none, as a type variable. */
  private static @Nullable Class<?> raw(Type type) {
    if (type instanceof ParameterizedType p) {
      return raw(p.getRawType());
    }
    return type instanceof Class<?> c ? c : null;
  }

  private static String describe(Class<?> owner, RecordComponent component) {
    return "component \"" + component.getName() + "\" of " + owner.getName();
  }
}
