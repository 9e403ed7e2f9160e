package dev.rszshm.structures.codec;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Finds the codecs of the components of records by their types. */
final class ComponentTypes {
  private static final Map<Class<?>, Codec<?>> KNOWN =
      Map.ofEntries(
          Map.entry(boolean.class, BoxedCodecs.BOOLEAN),
          Map.entry(Boolean.class, BoxedCodecs.BOOLEAN),
          Map.entry(byte.class, BoxedCodecs.BYTE),
          Map.entry(Byte.class, BoxedCodecs.BYTE),
          Map.entry(short.class, BoxedCodecs.SHORT),
          Map.entry(Short.class, BoxedCodecs.SHORT),
          Map.entry(char.class, BoxedCodecs.CHARACTER),
          Map.entry(Character.class, BoxedCodecs.CHARACTER),
          Map.entry(int.class, BoxedCodecs.INTEGER),
          Map.entry(Integer.class, BoxedCodecs.INTEGER),
          Map.entry(long.class, BoxedCodecs.LONG),
          Map.entry(Long.class, BoxedCodecs.LONG),
          Map.entry(float.class, BoxedCodecs.FLOAT),
          Map.entry(Float.class, BoxedCodecs.FLOAT),
          Map.entry(double.class, BoxedCodecs.DOUBLE),
          Map.entry(Double.class, BoxedCodecs.DOUBLE),
          Map.entry(UUID.class, BoxedCodecs.UUIDS),
          Map.entry(String.class, TextCodec.UTF_8),
          Map.entry(byte[].class, ArrayCodecs.BYTES),
          Map.entry(short[].class, ArrayCodecs.SHORTS),
          Map.entry(char[].class, ArrayCodecs.CHARS),
          Map.entry(int[].class, ArrayCodecs.INTS),
          Map.entry(long[].class, ArrayCodecs.LONGS),
          Map.entry(float[].class, ArrayCodecs.FLOATS),
          Map.entry(double[].class, ArrayCodecs.DOUBLES));

  private final MethodHandles.Lookup lookup;

  /** The records that are being looked at, the outermost last. */
  private final Deque<Class<?>> within = new ArrayDeque<>();

  ComponentTypes(MethodHandles.Lookup lookup) {
    this.lookup = lookup;
  }

  MethodHandles.Lookup lookup() {
    return lookup;
  }

  /** Returns the codec of a component. */
  @SuppressWarnings("unchecked") // the codec of its type
  Codec<Object> codecOf(Class<? extends Record> owner, RecordComponent component) {
    within.push(owner);
    try {
      return (Codec<Object>) codecOf(component.getGenericType());
    } catch (UnknownTypeException e) {
      throw new IllegalArgumentException(
          "component \""
              + component.getName()
              + "\" of "
              + owner.getName()
              + " is of type "
              + component.getGenericType()
              + ", which has no codec"
              + e.reason
              + ": use a type that Codecs.records names");
    } finally {
      within.pop();
    }
  }

  private static final class UnknownTypeException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    UnknownTypeException(String reason) {
      super(reason);
      this.reason = reason;
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // what is an enum or a record is looked at
  private Codec<?> codecOf(Type type) throws UnknownTypeException {
    Codec<?> known = type instanceof Class<?> c ? KNOWN.get(c) : null;
    if (known != null) {
      return known;
    }
    if (type instanceof Class<?> c && c.isEnum()) {
      return new EnumCodec(c);
    }
    if (type instanceof Class<?> c && c.isRecord()) {
      if (within.contains(c)) {
        throw new UnknownTypeException(", because the record contains itself");
      }
      return RecordCodec.of((Class<? extends Record>) c, this);
    }
    if (type instanceof ParameterizedType p) {
      Type[] arguments = p.getActualTypeArguments();
      if (p.getRawType() == List.class) {
        return Codecs.lists(codecOf(arguments[0]));
      }
      if (p.getRawType() == Map.class) {
        return Codecs.maps(codecOf(arguments[0]), codecOf(arguments[1]));
      }
      if (p.getRawType() == Optional.class) {
        return Codecs.optionals(codecOf(arguments[0]));
      }
    }
    throw new UnknownTypeException("");
  }
}
