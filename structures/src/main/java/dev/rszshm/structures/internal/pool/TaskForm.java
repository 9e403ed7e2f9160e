package dev.rszshm.structures.internal.pool;

/** What the argument and the result of a task are: numbers that are stored in the heap. */
public final class TaskForm {
  /** One object each. */
  public static final int OBJECT = 0;

  /** Lists of objects. */
  public static final int OBJECTS = 1;

  /** Bytes of the heap, and a block. */
  public static final int BLOCK = 2;

  /** Two longs, and nothing. */
  public static final int RANGE = 3;

  private TaskForm() {}
}
