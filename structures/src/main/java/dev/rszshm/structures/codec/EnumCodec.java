package dev.rszshm.structures.codec;

import dev.rszshm.heap.Region;

/** Constants of an enum, by name. */
final class EnumCodec<E extends Enum<E>> implements Codec<E> {
  private final Class<E> type;

  EnumCodec(Class<E> type) {
    this.type = type;
  }

  @Override
  public int id() {
    return Codecs.namedId("enum " + type.getName());
  }

  @Override
  public long length(E constant) {
    return TextCodec.UTF_8.length(constant.name());
  }

  @Override
  public void encode(E constant, Region to, long offset) {
    TextCodec.UTF_8.encode(constant.name(), to, offset);
  }

  @Override
  public E decode(Region from, long offset, long length) {
    String name = TextCodec.UTF_8.decode(from, offset, length);
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
