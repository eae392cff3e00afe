-- Occurrences beyond those that are kept one by one.
ALTER TABLE "leaksweep"."place" ADD COLUMN "further" integer NOT NULL DEFAULT 0;
--> statement-breakpoint
-- Commit authors on a list for whom the forge names no account.
ALTER TABLE "leaksweep"."listing" ADD COLUMN "nameless" integer NOT NULL DEFAULT 0;
--> statement-breakpoint
-- The store kept the first hundred occurrences and did not count the others: where there may be some, all is read again.
UPDATE "leaksweep"."target" SET "read_rules" = NULL, "memory" = "memory" - 'progress' WHERE "id" IN (
  SELECT "target_id" FROM "leaksweep"."place" WHERE jsonb_array_length("occurrences") >= 100);
--> statement-breakpoint
-- Texts of discussions go by the forge's own numbers now, which stay when another text is deleted.
UPDATE "leaksweep"."target" SET "read_rules" = NULL, "memory" = "memory" - 'progress' WHERE "kind" = 'discussions';
--> statement-breakpoint
-- What is known of them is called so too, by the number in the address of its page: else it would be told twice.
UPDATE "leaksweep"."place" SET "occurrences" = (
  SELECT jsonb_agg(CASE WHEN "one"->>'url' ~ '#discussioncomment-[0-9]+$' THEN jsonb_set("one", '{path}', to_jsonb(
    regexp_replace("one"->>'path', '[^/]*$', '') || substring("one"->>'url' FROM '[0-9]+$') || '.md')) ELSE "one" END
    ORDER BY "number")
  FROM jsonb_array_elements("occurrences") WITH ORDINALITY AS "each"("one", "number"))
  WHERE jsonb_array_length("occurrences") > 0
    AND "target_id" IN (SELECT "id" FROM "leaksweep"."target" WHERE "kind" = 'discussions');
--> statement-breakpoint
-- Of lists without times only the first page had a tag, and what was new on others was not seen: all of them are read again.
UPDATE "leaksweep"."target" SET "memory" = "memory" - 'progress'
    #- '{texts,commit-comments.etag}' #- '{texts,releases.etag}' #- '{texts,comments.etag}'
  WHERE "kind" IN ('issues', 'releases', 'gist-comments');
