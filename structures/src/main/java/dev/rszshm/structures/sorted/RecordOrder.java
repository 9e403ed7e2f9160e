package dev.rszshm.structures.sorted;

import dev.rszshm.structures.internal.codec.RecordComponents;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes ordered codecs of records. */
final class RecordOrder {
  private static final Map<Class<?>, OrderedCodec<?>> KNOWN =
      Map.of(
          int.class, OrderedCodecs.ints(),
          Integer.class, OrderedCodecs.ints(),
          long.class, OrderedCodecs.longs(),
          Long.class, OrderedCodecs.longs(),
          double.class, OrderedCodecs.doubles(),
          Double.class, OrderedCodecs.doubles(),
          UUID.class, OrderedCodecs.uuids(),
          String.class, OrderedCodecs.strings(),
          byte[].class, OrderedCodecs.byteArrays());

  private final MethodHandles.Lookup lookup;

  /** The records that are being looked at. */
  private final Deque<Class<?>> within = new ArrayDeque<>();

  private RecordOrder(MethodHandles.Lookup lookup) {
    this.lookup = lookup;
  }

  static <R extends Record> OrderedCodec<R> of(Class<R> type, MethodHandles.Lookup lookup) {
    return new RecordOrder(lookup).of(type);
  }

  static <R extends Record> OrderedCodec<R> of(
      Class<R> type, MethodHandles.Lookup lookup, List<? extends OrderedCodec<?>> codecs) {
    return of(RecordComponents.of(type, lookup), codecs);
  }

  private <R extends Record> OrderedCodec<R> of(Class<R> type) {
    RecordComponents<R> components = RecordComponents.of(type, lookup);
    within.push(type);
    List<OrderedCodec<?>> codecs = new ArrayList<>();
    for (RecordComponent component : components.components()) {
      codecs.add(codecOf(type, component));
    }
    within.pop();
    return of(components, codecs);
  }

  private OrderedCodec<?> codecOf(Class<?> owner, RecordComponent component) {
    Class<?> type = component.getType();
    OrderedCodec<?> known = KNOWN.get(type);
    if (known != null) {
      return known;
    }
    if (type.isRecord() && !within.contains(type)) {
      return of(type.asSubclass(Record.class));
    }
    throw new IllegalArgumentException(
        "component \""
            + component.getName()
            + "\" of "
            + owner.getName()
            + " is of type "
            + component.getGenericType().getTypeName()
            + (type.isRecord()
                ? ", so that the record contains itself: keep what is within it in a record of its own, without that component"
                : ", which has no ordered codec, expected int, long, double, their boxed types, UUID,"
                    + " String, byte[], or a record of these: use one of them, or give an ordered"
                    + " codec for each component: records(type, lookup, components)"));
  }

  private static <R extends Record> OrderedCodec<R> of(
      RecordComponents<R> components, List<? extends OrderedCodec<?>> codecs) {
    int count = components.components().size();
    if (count == 0 || codecs.size() != count) {
      throw new IllegalArgumentException(
          components
              + " has "
              + count
              + " components, found codecs for "
              + codecs.size()
              + ": expected one for each component, and one component at least");
    }
    return new CompositeCodec<>(
        components.components().stream()
            .map(RecordComponent::getName)
            .collect(Collectors.joining(",", "record{", "}")),
        components.toString(),
        IntStream.range(0, count).mapToObj(i -> OrderedCodecs.any(codecs.get(i))).toList(),
        new CompositeCodec.Shape<R>() {
          @Override
          public Object part(R object, int index) {
            return components.value(object, index);
          }

          @Override
          public R make(Object[] parts) {
            return components.make(parts);
          }
        });
  }
}
