package dev.rszshm.structures.internal.pool;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A death of a worker. */
@Name("dev.rszshm.WorkerDeath")
@Label("Worker Death")
@Category("Shared Heap")
@Description("A worker of a pool has ended that was not told to")
@StackTrace(false)
final class WorkerDeathEvent extends Event {
  @Label("Heap")
  @Description("The path of the heap")
  @Nullable String heap;

  @Label("Pool")
  @Description("The name of the pool")
  @Nullable String pool;

  @Label("Worker")
  @Description("The name of the worker")
  @Nullable String worker;

  @Label("Process")
  @Description("The process id of the worker")
  long pid;

  @Label("How")
  @Description("Its exit status, or the signal that ended it; empty if that is not known")
  @Nullable String how;
}
