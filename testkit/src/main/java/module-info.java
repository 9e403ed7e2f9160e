/** Tests for programs on a shared heap: schedules, deaths at every step, histories, storms. */
module dev.rszshm.testkit {
  requires transitive dev.rszshm.heap;
  requires org.jnrproject.ffi;
  requires static net.jqwik.api; // for the package jqwik
  requires static org.jspecify;
  requires static org.junit.jupiter.api; // for the package junit
  requires static org.junit.platform.commons;

  exports dev.rszshm.testkit.faults;
  exports dev.rszshm.testkit.history;
  exports dev.rszshm.testkit.jqwik;
  exports dev.rszshm.testkit.junit;
  exports dev.rszshm.testkit.memory;
  exports dev.rszshm.testkit.process;
  exports dev.rszshm.testkit.simulation;

  // jnr-ffi makes a class at run time that implements an interface of this package.
  opens dev.rszshm.testkit.process;
}
