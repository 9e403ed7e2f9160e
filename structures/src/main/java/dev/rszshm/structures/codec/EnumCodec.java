package dev.rszshm.structures.codec;

import dev.rszshm.structures.internal.codec.FormatIds;
import java.nio.ByteBuffer;

/** Constants of an enum, by name. */
final class EnumCodec<E extends Enum<E>> implements Codec<E> {
  private final Class<E> type;

  EnumCodec(Class<E> type) {
    this.type = type;
  }

  @Override
  public int id() {
    return FormatIds.of("enum " + type.getName());
  }

  @Override
  public int length(E constant) {
    return TextCodec.UTF_8.length(constant.name());
  }

  @Override
  public void encode(E constant, ByteBuffer to) {
    TextCodec.UTF_8.encode(constant.name(), to);
  }

  @Override
  public E decode(ByteBuffer from) {
    String name = TextCodec.UTF_8.decode(from);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(name)) {
        return constant;
      }
    }
    throw new CodecException("found the name \"" + name + "\", expected a constant of " + this);
  }

  @Override
  public String toString() {
    return type.getName();
  }
}
