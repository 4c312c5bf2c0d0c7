package dev.tidemark.http;

/** Answers a request on a virtual thread, where waiting is free. A {@link dev.tidemark.base.TidemarkException} becomes problem details. */
@FunctionalInterface
public interface BlockingHandler {
    Reply handle(Call call);
}
