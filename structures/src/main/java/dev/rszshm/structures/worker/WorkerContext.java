package dev.rszshm.structures.worker;

import java.util.List;

/** What a {@link WorkerBody} knows of its start. May be used by several threads at a time. */
public interface WorkerContext {
  /** Returns the arguments of the {@link WorkerSpec}. */
  List<String> arguments();

  /** Returns the process id of the process that started this one, as that process knows it. */
  long starter();

  /**
   * Tells the starter that this worker is ready for its first task: {@link
   * WorkerProcess#awaitReady} returns there. Has no effect from the second call on. A body that
   * returns without a call was ready.
   */
  void ready();

  /**
   * Waits until the starter calls {@link WorkerProcess#begin}, so that workers that were started
   * one after the other begin at the same time, to a millisecond or so.
   */
  void awaitBegin() throws InterruptedException;
}
