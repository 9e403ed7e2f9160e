package dev.rszshm.structures.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A record, component by component. */
final class RecordCodec<R extends Record> implements Codec<R> {
  private final Class<R> type;
  private final List<Component> components;
  private final MethodHandle constructor;
  private final int id;

  /** A component: how to read it from a record, and in which format it is. */
  private record Component(String name, MethodHandle accessor, Codec<Object> codec) {}

  private RecordCodec(Class<R> type, List<Component> components, MethodHandle constructor) {
    this.type = type;
    this.components = components;
    this.constructor = constructor;
    this.id =
        Codecs.namedId(
            components.stream()
                .map(c -> c.name + ":" + c.codec.id())
                .collect(Collectors.joining(",", "record{", "}")));
  }

  static <R extends Record> RecordCodec<R> of(Class<R> type, MethodHandles.Lookup lookup) {
    return of(type, new ComponentTypes(lookup));
  }

  static <R extends Record> RecordCodec<R> of(Class<R> type, ComponentTypes types) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] parameters =
        Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      MethodHandle constructor =
          types
              .lookup()
              .findConstructor(type, MethodType.methodType(void.class, parameters))
              .asSpreader(Object[].class, parameters.length)
              .asType(MethodType.methodType(Record.class, Object[].class));
      List<Component> found = new ArrayList<>();
      for (RecordComponent component : components) {
        MethodHandle accessor =
            types
                .lookup()
                .unreflect(component.getAccessor())
                .asType(MethodType.methodType(Object.class, Record.class));
        found.add(new Component(component.getName(), accessor, types.codecOf(type, component)));
      }
      return new RecordCodec<>(type, List.copyOf(found), constructor);
    } catch (IllegalAccessException | NoSuchMethodException e) {
      throw new IllegalArgumentException(
          type.getName()
              + " or its constructor cannot be used from here: make the record public, and open or"
              + " export its package, or name a lookup: records(type, MethodHandles.lookup())",
          e);
    }
  }

  @Override
  public int id() {
    return id;
  }

  @Override
  public int length(R object) {
    int length = 0;
    for (Component component : components) {
      length = Parts.add(length, component.codec, value(component, object));
    }
    return length;
  }

  @Override
  public void encode(R object, ByteBuffer to) {
    for (Component component : components) {
      Parts.put(component.codec, value(component, object), to);
    }
  }

  private Object value(Component component, R object) {
    Object value = call(() -> component.accessor.invokeExact((Record) object));
    if (value == null) {
      throw new NullPointerException(
          "component \""
              + component.name
              + "\" of "
              + type.getName()
              + " is null: use an Optional for what may be missing");
    }
    return value;
  }

  @Override
  public R decode(ByteBuffer from) {
    Object[] values = new Object[components.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Parts.next(components.get(i).codec, from);
    }
    Parts.requireEnd(from, this);
    return type.cast(call(() -> (Record) constructor.invokeExact(values)));
  }

  /** A call of the record's own code. */
  private interface Call {
    Object make() throws Throwable;
  }

  private static Object call(Call call) {
    try {
      return call.make();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a record threw " + e, e);
    }
  }

  @Override
  public String toString() {
    return type.getName();
  }
}
