package dev.rszshm.structures.internal.pool;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A start of a worker. */
@Name("dev.rszshm.WorkerStart")
@Label("Worker Start")
@Category("Shared Heap")
@Description("A worker of a pool is ready for its first task")
@StackTrace(false)
final class WorkerStartEvent extends Event {
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

  @Label("Time")
  @Description("How long it took until the worker was ready")
  @Timespan
  long time;
}
