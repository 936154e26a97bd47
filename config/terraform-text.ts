/** A text as Terraform's JSON wants it, so that the text's own `${` and `%{` are not read as templates. */
export const literal = (text: string): string => text.replace(/[$%](?=\{)/g, "$&$&");

/** A text as a quoted string inside a Terraform expression. */
export const quoted = (text: string): string => literal(JSON.stringify(text));
