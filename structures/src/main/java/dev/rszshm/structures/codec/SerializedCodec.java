package dev.rszshm.structures.codec;

import dev.rszshm.structures.internal.codec.FormatIds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Objects by Java serialization, of classes that are allowed, and no others. */
final class SerializedCodec<T extends Serializable> implements Codec<T> {
  private static final int MAX_DEPTH = 100;

  private static final Set<Class<?>> ALWAYS =
      Set.of(
          Boolean.class,
          Byte.class,
          Short.class,
          Character.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          Number.class,
          String.class,
          Enum.class,
          Object.class); // as the type of the elements that a collection has: it has no data

  private final Class<T> type;
  private final Set<Class<?>> allowed;

  SerializedCodec(Class<T> type, List<Class<?>> others) {
    this.type = type;
    this.allowed = new HashSet<>(ALWAYS);
    allowed.add(type);
    allowed.addAll(others);
  }

  @Override
  public int id() {
    return FormatIds.of("serialized " + type.getName());
  }

  @Override
  public int length(T object) {
    return bytes(object).length;
  }

  @Override
  public void encode(T object, ByteBuffer to) {
    to.put(bytes(object));
  }

  private static byte[] bytes(Serializable object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "an object of " + object.getClass().getName() + " cannot be serialized: " + e, e);
    }
    return bytes.toByteArray();
  }

  @Override
  public T decode(ByteBuffer from) {
    byte[] bytes = ArrayCodecs.BYTES.decode(from);
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      in.setObjectInputFilter(info -> filter(info, bytes.length));
      return type.cast(in.readObject());
    } catch (InvalidClassException e) {
      throw new CodecException(
          "found an object of a class that is not allowed, expected those of "
              + this
              + ": name its class when you make the codec if you trust whoever wrote it. "
              + e.getMessage(),
          e);
    } catch (IOException | ClassNotFoundException | RuntimeException e) {
      throw new CodecException("found bytes that are no object of " + this + ": " + e, e);
    }
  }

  private ObjectInputFilter.Status filter(ObjectInputFilter.FilterInfo info, long length) {
    Class<?> found = info.serialClass();
    boolean few = info.depth() <= MAX_DEPTH && info.references() <= length;
    if (!few || info.arrayLength() > length) {
      return ObjectInputFilter.Status.REJECTED;
    }
    while (found != null && found.isArray()) {
      found = found.getComponentType();
    }
    boolean good = found == null || found.isPrimitive() || allowed.contains(found);
    return good ? ObjectInputFilter.Status.ALLOWED : ObjectInputFilter.Status.REJECTED;
  }

  @Override
  public String toString() {
    return "serialized " + type.getName();
  }
}
