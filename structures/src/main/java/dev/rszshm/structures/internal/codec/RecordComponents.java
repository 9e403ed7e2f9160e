package dev.rszshm.structures.internal.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes records apart, and puts them together.
 *
 * @param <R> the records
 */
public final class RecordComponents<R extends Record> {
  private final Class<R> type;
  private final List<RecordComponent> components;
  private final List<MethodHandle> accessors;
  private final MethodHandle constructor;

  private RecordComponents(
      Class<R> type,
      List<RecordComponent> components,
      List<MethodHandle> accessors,
      MethodHandle constructor) {
    this.type = type;
    this.components = components;
    this.accessors = accessors;
    this.constructor = constructor;
  }

  /**
   * Returns the components of a record.
   *
   * @param lookup who may use the record
   * @throws IllegalArgumentException if it may not, or it is no record
   */
  public static <R extends Record> RecordComponents<R> of(
      Class<R> type, MethodHandles.Lookup lookup) {
    return of(type, lookup, "records(type, MethodHandles.lookup())");
  }

  /**
   * As {@link #of(Class, MethodHandles.Lookup)}.
   *
   * @param call what a caller is told to call, with a lookup of its own
   */
  public static <R extends Record> RecordComponents<R> of(
      Class<R> type, MethodHandles.Lookup lookup, String call) {
    if (!type.isRecord()) { // as a raw Class can be
      throw new IllegalArgumentException(
          "found " + type.getTypeName() + ", which is no record, expected the class of one");
    }
    List<RecordComponent> components = List.of(type.getRecordComponents());
    Class<?>[] parameters =
        Stream.of(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      MethodHandle constructor =
          lookup
              .findConstructor(type, MethodType.methodType(void.class, parameters))
              .asSpreader(Object[].class, parameters.length)
              .asType(MethodType.methodType(Record.class, Object[].class));
      List<MethodHandle> accessors = new ArrayList<>();
      for (RecordComponent component : components) {
        accessors.add(
            lookup
                .unreflect(component.getAccessor())
                .asType(MethodType.methodType(Object.class, Record.class)));
      }
      return new RecordComponents<>(type, components, List.copyOf(accessors), constructor);
    } catch (IllegalAccessException | NoSuchMethodException e) {
      throw new IllegalArgumentException(
          type.getName()
              + " or its constructor cannot be used from here: make the record public, and open or"
              + " export its package, or name a lookup: "
              + call,
          e);
    }
  }

  /** Returns the components, in their order. */
  public List<RecordComponent> components() {
    return components;
  }

  /**
   * Returns the value of a component, by its index.
   *
   * @throws NullPointerException if it is null
   */
  public Object value(R object, int component) {
    Object value = valueOrNull(object, component);
    if (value == null) {
      throw new NullPointerException(
          "component \""
              + components.get(component).getName()
              + "\" of "
              + type.getName()
              + " is null: use an Optional for what may be missing");
    }
    return value;
  }

  /** Returns the value of a component of a record of this type, by its index; it may be null. */
  public @Nullable Object valueOrNull(Record object, int component) {
    return call(() -> accessors.get(component).invokeExact(object));
  }

  /** Returns a record of values. */
  public R make(Object[] values) {
    return type.cast(Objects.requireNonNull(call(() -> (Record) constructor.invokeExact(values))));
  }

  /** A call of the record's own code. */
  private interface Call {
    @Nullable Object make() throws Throwable;
  }

  private static @Nullable Object call(Call call) {
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
