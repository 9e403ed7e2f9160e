/** What a heap tells while it is used: reports to a listener, and a bean for JMX. */
@NullMarked
package dev.rszshm.heap.watch;

import org.jspecify.annotations.NullMarked;
