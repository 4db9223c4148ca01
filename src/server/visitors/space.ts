/** Loaded only where the server is a Space. */
export { addSpaceLoginRoutes } from "./space-login-routes.ts";
export { SpaceVisits } from "./space-visits.ts";
