"""Routes of browser sessions on our pages. The token is only in an HttpOnly cookie."""

import contextlib
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from solaris.auth.page_sessions import PageSessions
from solaris.auth.principal import Principal
from solaris.auth.routes import Credentials, PasswordChange, source_of
from solaris.auth.sign_in import SignedIn, SignIn
from solaris.domain.errors import NotAuthenticated
from solaris.domain.roles import STAFF, Role

_SIGN_IN_DESCRIPTION = (
    "As POST /api/auth/login, for our own pages: the session is set as an HttpOnly cookie, and the answer contains no "
    "token. Like every request that changes something with that cookie, it needs the header `X-Solaris-Page` and our own "
    "origin; otherwise the answer is 403 `foreign_page`."
)


class PageUser(BaseModel):
    """The signed-in user."""

    id: UUID
    email: str | None
    name: str
    role: Role
    active: bool = Field(description="False: suspended, may read but not spend.")


class PageSession(BaseModel):
    """The signed-in user, and settings that the page needs on start."""

    user: PageUser
    expires_at: datetime = Field(description="End of the session; using it extends it.")
    must_change_password: bool = Field(
        description="True after a sign-in with a temporary password: the page asks for a new password first."
    )
    timezone: str = Field(description="The customer's IANA time zone, used for days, months and displayed times.")


def routes(sign_in: SignIn, pages: PageSessions, *, timezone: str, staff_only: bool = False) -> APIRouter:
    """`/api/auth/session`. With `staff_only` (Admin Dashboard) only active staff get a session."""
    router = APIRouter(prefix="/api/auth/session", tags=["auth"])

    async def own_page(request: Request) -> None:
        pages.check_origin(request)

    OwnPage = Annotated[None, Depends(own_page)]  # noqa: N806 - a type, though it closes over `pages`
    PageCaller = Annotated[Principal, Depends(pages.caller_of)]  # noqa: N806 - as above

    def respond(signed_in: SignedIn, request: Request, response: Response) -> PageSession:
        pages.set_cookie(request, response, signed_in.token)
        return _session(signed_in, timezone, response)

    @router.post("", response_model=PageSession, summary="Sign in on a page", description=_SIGN_IN_DESCRIPTION)
    async def enter(body: Credentials, _own: OwnPage, request: Request, response: Response) -> PageSession:
        signed_in = await sign_in.sign_in(
            body.email, body.password, source=source_of(request), staff_only=staff_only, audience=pages.service
        )
        request.state.user_id = signed_in.user.id
        return respond(signed_in, request, response)

    @router.get(
        "",
        response_model=PageSession,
        responses={204: {"description": "No user is signed in."}},
        summary="The page's session",
        description="The signed-in user; 204 if there is none. A read extends the session, up to 30 days in total.",
    )
    async def present(request: Request, response: Response) -> PageSession | Response:
        try:
            principal, claims = await pages.session_of(request)
        except NotAuthenticated:
            return _not_signed_in(pages, request)
        if staff_only and (principal.role not in STAFF or not principal.active):
            return _not_signed_in(pages, request)
        request.state.user_id = principal.user_id
        return respond(await sign_in.prolong(principal, claims), request, response)

    @router.delete("", status_code=204, summary="Sign out of the page", description="Ends the session.")
    async def leave(_own: OwnPage, request: Request) -> Response:
        # A session that has ended already needs no revocation.
        with contextlib.suppress(NotAuthenticated):
            await sign_in.sign_out(await pages.caller_of(request))
        return _not_signed_in(pages, request)

    @router.post(
        "/password",
        response_model=PageSession,
        summary="Change the password on a page",
        description="Ends every other session and gives this browser a new one. API keys stay in force.",
    )
    async def password(
        body: PasswordChange, principal: PageCaller, request: Request, response: Response
    ) -> PageSession:
        changed = await sign_in.change_password(
            principal, body.current_password, body.new_password, source=source_of(request)
        )
        return respond(changed, request, response)

    @router.post(
        "/end-others",
        response_model=PageSession,
        summary="End the other sessions",
        description="Ends every other session of the caller and gives this browser a new one. API keys stay in force.",
    )
    async def end_others(principal: PageCaller, request: Request, response: Response) -> PageSession:
        return respond(await sign_in.end_other_sessions(principal), request, response)

    return router


def _not_signed_in(pages: PageSessions, request: Request) -> Response:
    response = Response(status_code=204, headers={"Cache-Control": "no-store"})
    if pages.cookie_name in request.cookies:
        pages.clear_cookie(request, response)
    return response


def _session(signed_in: SignedIn, timezone: str, response: Response) -> PageSession:
    response.headers["Cache-Control"] = "no-store"
    user = signed_in.user
    return PageSession(
        user=PageUser(id=user.id, email=user.email, name=user.name, role=user.role, active=user.active),
        expires_at=signed_in.token.expires_at,
        must_change_password=signed_in.must_change_password,
        timezone=timezone,
    )
