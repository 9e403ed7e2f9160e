package dev.rszshm.structures.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.CodecException;
import dev.rszshm.structures.codec.CodecFormat;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.internal.codec.FormatWord;
import dev.rszshm.structures.internal.codec.StructureCodec;
import dev.rszshm.structures.internal.codec.StructureCodec.Use;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arguments or results of a task as bytes: the {@link FormatWord} of the codec that has written
 * them, and what it has written. A task may wait in a heap for a program that is newer than the one
 * that asked for it. Any thread may use it.
 *
 * @param <T> the type of the objects
 */
final class TaskCodec<T> {
  private final Codec<T> codec;
  private final Use use;
  private final String task;

  /** The word of the codec's own format, which is not cheap to ask for. */
  private final long own;

  /** That of many, which is not cheap to make; null as long as nobody has asked for it. */
  private volatile @Nullable TaskCodec<List<T>> many;

  private TaskCodec(@Nullable Codec<T> codec, Use use, String task) {
    if (codec == null) {
      throw new IllegalArgumentException(
          task
              + " has no codec for its "
              + (use == Use.ARGUMENTS ? "argument" : "result")
              + ": found null, expected one of those in Codecs, or your own");
    }
    this.codec = codec;
    this.use = use;
    this.task = task;
    this.own = FormatWord.of(CodecFormat.of(codec));
  }

  /**
   * Returns the codec of the arguments of a task.
   *
   * @throws IllegalArgumentException if it is null
   */
  static <A> TaskCodec<A> ofArguments(Task<A, ?> task) {
    return new TaskCodec<>(task.argumentCodec(), Use.ARGUMENTS, task.getClass().getName());
  }

  /**
   * Returns the codec of the results of a task.
   *
   * @throws IllegalArgumentException if it is null
   */
  static <R> TaskCodec<R> ofResults(Task<?, R> task) {
    return new TaskCodec<>(task.resultCodec(), Use.RESULTS, task.getClass().getName());
  }

  /** Returns the codec of many of them. */
  TaskCodec<List<T>> ofMany() {
    TaskCodec<List<T>> made = many;
    if (made == null) {
      made = new TaskCodec<>(Codecs.lists(codec), use, task);
      many = made;
    }
    return made;
  }

  private String nameWithArticle() {
    return use == Use.ARGUMENTS ? "an argument" : "a result";
  }

  /**
   * Returns the bytes of an object.
   *
   * @throws IllegalStateException if the codec returns null
   */
  byte[] encode(T object) {
    byte @Nullable [] bytes = codec.encode(object);
    if (bytes == null) {
      throw new IllegalStateException(
          "the codec "
              + codec.getClass().getName()
              + " has encoded "
              + nameWithArticle()
              + " of "
              + task
              + " as null: a codec returns bytes");
    }
    byte[] all = new byte[Long.BYTES + bytes.length];
    ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putLong(own).put(bytes);
    return all;
  }

  /**
   * Returns the object of bytes in a heap.
   *
   * @throws dev.rszshm.structures.errors.CodecMismatchException if a codec has written them that
   *     this one does not read
   * @throws CodecException if they are not those of an object
   */
  T decode(Heap heap, long offset, long length) {
    if (length < Long.BYTES) {
      throw new CodecException(
          "found "
              + nameWithArticle()
              + " of "
              + length
              + " bytes, expected its format in the first 8");
    }
    long found = heap.getLong(offset);
    if (found != own) {
      StructureCodec.requireReadable(codec, FormatWord.format(found), use, "the task " + task);
    }
    return codec.decode(heap.getBytes(offset + Long.BYTES, Math.toIntExact(length - Long.BYTES)));
  }
}
