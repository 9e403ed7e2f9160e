/** The command rszshm. */
module dev.rszshm.cli {
  requires dev.rszshm.heap;
  requires com.fasterxml.jackson.core;
  requires info.picocli;
  requires org.jnrproject.ffi;
  requires static org.jspecify;

  opens dev.rszshm.cli to
      info.picocli;

  // jnr-ffi makes a class at run time that implements an interface of this package.
  opens dev.rszshm.cli.fill;
}
