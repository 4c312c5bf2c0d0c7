import type { components, operations } from "./openapi";

/** A thing of the API under the name that the API document gives it. */
export type Wire<N extends keyof components["schemas"]> = components["schemas"][N];

type JsonOf<R> = R extends { readonly content: { readonly "application/json": infer Body } } ? Body : never;
type Succeeding<R> = R extends { readonly 200: infer A }
  ? A
  : R extends { readonly 201: infer A }
    ? A
    : R extends { readonly 202: infer A }
      ? A
      : never;

/** What an operation answers with when it succeeds. */
export type AnswerOf<N extends keyof operations> = JsonOf<Succeeding<operations[N]["responses"]>>;

/** What may be asked in an operation's address. */
export type QueryOf<N extends keyof operations> = NonNullable<operations[N]["parameters"]["query"]>;

/** What an operation is sent. */
export type BodyOf<N extends keyof operations> = operations[N] extends {
  readonly requestBody?: { readonly content: { readonly "application/json": infer Body } };
}
  ? Body
  : never;
