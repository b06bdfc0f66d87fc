// The page of the API's description. `validatorUrl` would send its address to a site elsewhere.
const node = document.getElementById("swagger-ui");

SwaggerUIBundle({
  url: node.dataset.description,
  domNode: node,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  validatorUrl: null,
});
