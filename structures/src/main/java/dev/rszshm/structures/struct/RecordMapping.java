package dev.rszshm.structures.struct;

import dev.rszshm.heap.Region;
import dev.rszshm.structures.internal.codec.RecordComponents;
import dev.rszshm.structures.struct.errors.DamagedStructException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Copies structs into records, and records into structs, component by component. */
final class RecordMapping<S> {
  private final Class<S> type;
  private final MethodHandles.Lookup lookup;
  private final List<Component> components = new ArrayList<>();

  /** How the record is made; null until it is asked for. */
  private volatile @Nullable RecordComponents<?> records;

  RecordMapping(Class<S> type, MethodHandles.Lookup lookup) {
    this.type = type;
    this.lookup = lookup;
  }

  /** How the value of a component is read and written; the place is that of the field. */
  private interface Mapper {
    Object read(Region region, long place);

    /** Returns what is to be written, or throws if it cannot be. */
    Object prepare(Object value);

    void write(Region region, long place, Object prepared);

    /** Returns the value of a field that is not there. */
    Object missing();
  }

  private record Component(
      RecordComponent component, String field, int since, Mapper mapper, long offset) {}

  void add(RecordComponent component, StructField field, boolean text) {
    Mapper mapper;
    if (text) {
      mapper = new TextMapper(field.count());
    } else if (field.type() == FieldType.SLOT) {
      mapper = new SlotMapper(field.isArray(), field.count());
    } else if (field.isArray()) {
      mapper = new ArrayMapper(field.type(), field.count());
    } else {
      mapper = new ScalarMapper(field.type());
    }
    components.add(new Component(component, field.name(), field.since(), mapper, field.offset()));
  }

  void addNested(
      RecordComponent component, String field, StructLayout<?> nested, int since, long offset) {
    components.add(
        new Component(component, field, since, new NestedMapper(nested.mapping()), offset));
  }

  void addNestedArray(
      RecordComponent component,
      String field,
      StructLayout<?> nested,
      Class<?> element,
      int count,
      int since,
      long offset) {
    Mapper mapper = new NestedArrayMapper(nested.mapping(), element, count, nested.length());
    components.add(new Component(component, field, since, mapper, offset));
  }

  void addEnum(RecordComponent component, StructField field, Class<?> type) {
    Mapper mapper = new EnumMapper(type, field.isArray(), field.count());
    components.add(new Component(component, field.name(), field.since(), mapper, field.offset()));
  }

  /** Reads a record; fields that were added after a version are zero. */
  S read(Region region, long struct, int version) {
    Object[] values = new Object[components.size()];
    for (int i = 0; i < values.length; i++) {
      Component c = components.get(i);
      values[i] =
          c.since <= version ? c.mapper.read(region, struct + c.offset) : c.mapper.missing();
    }
    return make(values);
  }

  /** Returns the record of a struct that is not there: zeros. */
  S missing() {
    return make(components.stream().map(c -> c.mapper.missing()).toArray());
  }

  private S make(Object[] values) {
    return type.cast(records().make(values));
  }

  /** Returns the values of a record, which can all be written. */
  Object[] prepare(Object object) {
    Object[] values = new Object[components.size()];
    RecordComponents<?> found = records();
    for (int i = 0; i < values.length; i++) {
      Object value = found.valueOrNull((Record) object, i);
      Component c = components.get(i);
      if (value == null && !(c.mapper instanceof SlotMapper)) {
        throw new NullPointerException(
            "component \"" + c.field + "\" of " + type.getName() + " is null");
      }
      try {
        values[i] = value == null ? "" : c.mapper.prepare(value);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "component \"" + c.field + "\" of " + type.getName() + ": " + e.getMessage(), e);
      }
    }
    return values;
  }

  /** Writes values that are prepared. */
  void write(Region region, long struct, Object[] prepared) {
    for (int i = 0; i < prepared.length; i++) {
      Component c = components.get(i);
      c.mapper.write(region, struct + c.offset, prepared[i]);
    }
  }

  private RecordComponents<?> records() {
    RecordComponents<?> found = records;
    if (found == null) {
      found =
          RecordComponents.of(
              type.asSubclass(Record.class),
              lookup,
              "StructLayout.of(type, MethodHandles.lookup())");
      records = found;
    }
    return found;
  }

  /** An array of as many elements as there must be, none of them null. */
  private static Object requireElements(Object array, int count) {
    int found = Array.getLength(array);
    if (found != count) {
      throw new IllegalArgumentException(
          "found an array of " + found + " elements, expected " + count);
    }
    if (array instanceof Object[] elements && Arrays.asList(elements).contains(null)) {
      throw new NullPointerException("an element is null: a Block of nothing is Block.none()");
    }
    return array;
  }

  private record ScalarMapper(FieldType type) implements Mapper {
    @Override
    public Object read(Region region, long place) {
      return type.get(region, place);
    }

    @Override
    public Object prepare(Object value) {
      return value;
    }

    @Override
    public void write(Region region, long place, Object prepared) {
      type.put(region, place, prepared);
    }

    @Override
    public Object missing() {
      return type == FieldType.BLOCK
          ? Block.none()
          : Array.get(Array.newInstance(type.javaType(), 1), 0);
    }
  }

  private record ArrayMapper(FieldType type, int count) implements Mapper {
    @Override
    public Object read(Region region, long place) {
      Object array = missing();
      for (int i = 0; i < count; i++) {
        Array.set(array, i, type.get(region, place + (long) type.length() * i));
      }
      return array;
    }

    @Override
    public Object prepare(Object value) {
      return requireElements(value, count);
    }

    @Override
    public void write(Region region, long place, Object prepared) {
      for (int i = 0; i < count; i++) {
        type.put(region, place + (long) type.length() * i, Array.get(prepared, i));
      }
    }

    @Override
    public Object missing() {
      Object array = Array.newInstance(type.javaType(), count);
      if (array instanceof Object[] elements) {
        Arrays.fill(elements, Block.none());
      }
      return array;
    }
  }

  /** Slots are read as places, and never written: what they refer to is managed. */
  private record SlotMapper(boolean array, int count) implements Mapper {
    @Override
    public Object read(Region region, long place) {
      return slots(region.offset() + place, Long.BYTES);
    }

    @Override
    public Object prepare(Object value) {
      return value;
    }

    @Override
    public void write(Region region, long place, Object prepared) {
      // Whatever the slots of the record are, those of the struct stay as they are.
    }

    @Override
    public Object missing() {
      return slots(0, 0);
    }

    private Object slots(long first, int step) {
      if (!array) {
        return new Slot<>(first);
      }
      Slot<?>[] slots = new Slot<?>[count];
      Arrays.setAll(slots, i -> new Slot<>(first + (long) step * i));
      return slots;
    }
  }

  private record TextMapper(int count) implements Mapper {
    @Override
    public Object read(Region region, long place) {
      return TextField.read(region, place, count);
    }

    @Override
    public Object prepare(Object value) {
      return TextField.encode((String) value, count);
    }

    @Override
    public void write(Region region, long place, Object prepared) {
      region.putBytes(place, (byte[]) prepared);
    }

    @Override
    public Object missing() {
      return "";
    }
  }

  /** Constants are stored by their ordinals, as C does it: new ones come at the end. */
  private record EnumMapper(Class<?> type, boolean array, int count) implements Mapper {
    @Override
    public Object read(Region region, long place) {
      if (!array) {
        return constant(region, place);
      }
      Object constants = Array.newInstance(type, count);
      for (int i = 0; i < count; i++) {
        Array.set(constants, i, constant(region, place + (long) Integer.BYTES * i));
      }
      return constants;
    }

    private Object constant(Region region, long place) {
      Object[] constants = type.getEnumConstants();
      int ordinal = region.getInt(place);
      if (ordinal < 0 || ordinal >= constants.length) {
        throw new DamagedStructException(
            "offset "
                + place
                + " of a struct holds "
                + ordinal
                + ", expected a constant of "
                + type.getName()
                + ", 0 to "
                + (constants.length - 1)
                + ": a newer program has written it, or somebody has written where they should not");
      }
      return constants[ordinal];
    }

    @Override
    public Object prepare(Object value) {
      return array ? requireElements(value, count) : value;
    }

    @Override
    public void write(Region region, long place, Object prepared) {
      for (int i = 0; i < count; i++) {
        Object constant = array ? Array.get(prepared, i) : prepared;
        region.putInt(place + (long) Integer.BYTES * i, ((Enum<?>) constant).ordinal());
      }
    }

    @Override
    public Object missing() {
      Object first = type.getEnumConstants()[0];
      if (!array) {
        return first;
      }
      Object[] constants = (Object[]) Array.newInstance(type, count);
      Arrays.fill(constants, first);
      return constants;
    }
  }

  private record NestedArrayMapper(
      RecordMapping<?> nested, Class<?> element, int count, long length) implements Mapper {
    @Override
    public Object read(Region region, long place) {
      Object records = Array.newInstance(element, count);
      for (int i = 0; i < count; i++) {
        Array.set(records, i, nested.read(region, place + length * i, 1));
      }
      return records;
    }

    @Override
    public Object prepare(Object value) {
      return Stream.of((Object[]) requireElements(value, count)).map(nested::prepare).toArray();
    }

    @Override
    public void write(Region region, long place, Object prepared) {
      for (int i = 0; i < count; i++) {
        nested.write(region, place + length * i, (Object[]) Array.get(prepared, i));
      }
    }

    @Override
    public Object missing() {
      Object[] records = (Object[]) Array.newInstance(element, count);
      Arrays.setAll(records, i -> nested.missing());
      return records;
    }
  }

  private record NestedMapper(RecordMapping<?> nested) implements Mapper {
    @Override
    public Object read(Region region, long place) {
      return nested.read(region, place, 1);
    }

    @Override
    public Object prepare(Object value) {
      return nested.prepare(value);
    }

    @Override
    public void write(Region region, long place, Object prepared) {
      nested.write(region, place, (Object[]) prepared);
    }

    @Override
    public Object missing() {
      return nested.missing();
    }
  }
}
