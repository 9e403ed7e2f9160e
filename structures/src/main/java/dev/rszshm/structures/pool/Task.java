package dev.rszshm.structures.pool;

import dev.rszshm.structures.codec.Codec;

/**
 * A function that a worker computes: argument and result are objects, which codecs make bytes of.
 *
 * <pre>{@code
 * public final class Reverse implements Task<String, String> {
 *   public Codec<String> argumentCodec() { return Codecs.strings(); }
 *   public Codec<String> resultCodec() { return Codecs.strings(); }
 *   public String run(String text, TaskContext context) {
 *     return new StringBuilder(text).reverse().toString();
 *   }
 * }
 * }</pre>
 *
 * @param <A> the type of the argument
 * @param <R> the type of the result
 */
public interface Task<A, R> extends PoolTask {
  /** Returns the codec of the argument, which clients write with and workers read with. */
  Codec<A> argumentCodec();

  /** Returns the codec of the result, which workers write with and clients read with. */
  Codec<R> resultCodec();

  /**
   * Computes the result. May be called by several threads at once.
   *
   * @throws Exception if there is no result: the client gets its type, message and stack as a
   *     {@link dev.rszshm.structures.pool.errors.TaskException}
   */
  R run(A argument, TaskContext context) throws Exception;
}
