package dev.rszshm.structures.internal.codec;

import dev.rszshm.structures.codec.Codec;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A codec that writes and reads what another one does, in the same format.
 *
 * @param <T> the type of the objects
 */
public abstract class ForwardingCodec<T> implements Codec<T> {
  /** The other one. */
  protected final Codec<T> codec;

  /** A codec in the format of another one. */
  protected ForwardingCodec(Codec<T> codec) {
    this.codec = Objects.requireNonNull(codec, "codec");
  }

  @Override
  public final int id() {
    return codec.id();
  }

  @Override
  public final int version() {
    return codec.version();
  }

  @Override
  public final boolean reads(int version) {
    return codec.reads(version);
  }

  @Override
  public final int length(T object) {
    return codec.length(object);
  }

  @Override
  public final void encode(T object, ByteBuffer to) {
    codec.encode(object, to);
  }

  @Override
  public byte[] encode(T object) {
    return codec.encode(object);
  }

  @Override
  public final T decode(ByteBuffer from) {
    return codec.decode(from);
  }

  @Override
  public final String toString() {
    return codec.toString();
  }
}
