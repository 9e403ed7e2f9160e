/** The command rszshm. */
module dev.rszshm.cli {
  requires dev.rszshm.heap;
  requires dev.rszshm.structures;
  requires com.fasterxml.jackson.core;
  requires info.picocli;
  requires java.management; // the time that a thread has used
  requires jdk.unsupported; // a peer of the bench
  requires org.jline.terminal;
  requires org.jnrproject.ffi;
  requires static org.jspecify;
  requires java.desktop; // pictures

  opens dev.rszshm.cli to
      info.picocli;
  opens dev.rszshm.cli.wordcount to
      dev.rszshm.structures; // which makes the workers

  // jnr-ffi makes classes at run time that implement interfaces of these packages.
  opens dev.rszshm.cli.fill;
  opens dev.rszshm.cli.file;
}
