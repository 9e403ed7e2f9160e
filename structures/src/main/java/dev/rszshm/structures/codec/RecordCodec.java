package dev.rszshm.structures.codec;

import dev.rszshm.structures.internal.codec.FormatIds;
import dev.rszshm.structures.internal.codec.RecordComponents;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A record, component by component. */
final class RecordCodec<R extends Record> implements Codec<R> {
  private final RecordComponents<R> components;
  private final List<Codec<Object>> codecs;
  private final int id;

  private RecordCodec(RecordComponents<R> components, List<Codec<Object>> codecs) {
    this.components = components;
    this.codecs = codecs;
    this.id =
        FormatIds.of(
            IntStream.range(0, codecs.size())
                .mapToObj(i -> components.components().get(i).getName() + ":" + codecs.get(i).id())
                .collect(Collectors.joining(",", "record{", "}")));
  }

  static <R extends Record> RecordCodec<R> of(Class<R> type, MethodHandles.Lookup lookup) {
    return of(type, new ComponentTypes(lookup));
  }

  static <R extends Record> RecordCodec<R> of(Class<R> type, ComponentTypes types) {
    RecordComponents<R> components = RecordComponents.of(type, types.lookup());
    return new RecordCodec<>(
        components,
        components.components().stream().map(each -> types.codecOf(type, each)).toList());
  }

  @Override
  public int id() {
    return id;
  }

  @Override
  public int length(R object) {
    int length = 0;
    for (int i = 0; i < codecs.size(); i++) {
      length = Parts.add(length, codecs.get(i), components.value(object, i));
    }
    return length;
  }

  @Override
  public void encode(R object, ByteBuffer to) {
    for (int i = 0; i < codecs.size(); i++) {
      Parts.put(codecs.get(i), components.value(object, i), to);
    }
  }

  @Override
  public R decode(ByteBuffer from) {
    Object[] values = new Object[codecs.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Parts.next(codecs.get(i), from);
    }
    Parts.requireEnd(from, this);
    return components.make(values);
  }

  @Override
  public String toString() {
    return components.toString();
  }
}
