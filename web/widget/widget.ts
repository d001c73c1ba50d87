/** The widget's one script, for a chat's page: `<script src="…/widget.js" data-…>`. */

export const version = 1;
