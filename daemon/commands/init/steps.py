"""What the user has to do at the providers, step by step: docs/google.md and docs/outlook.md, shorter.

Laid out for 80 columns.
"""

GOOGLE = """
Google wants every program that reads a calendar to be registered. Yours has one
user: you. It takes five minutes, once, at https://console.cloud.google.com/ :
  1. Create a project (any name).
  2. APIs & Services > Library: enable Google Calendar API, Google Drive API and
     Google Docs API.
  3. Google Auth Platform (or OAuth consent screen): a name and your address.
     With a Workspace account choose Internal. Otherwise choose External, and
     then, under Audience, Publish app: in Testing, Google ends every sign-in
     after seven days. For yourself no verification is needed: at the sign-in,
     Advanced > Go to ... goes on. If Google says that your organization blocks
     the app, ask its administrator to trust the client id.
  4. Clients (or Credentials): create an OAuth client of type Desktop app, and
     download its JSON.
At the sign-in, leave every box ticked. On meetings that you organize, guests see
the title of the attached doc (a neutral one), not the doc; with
prep_doc.attach_to = "slot" in the config, invites are left alone.
"""

OUTLOOK = """
Microsoft wants every program that reads a calendar to be registered. It takes
five minutes, once, at https://entra.microsoft.com/ :
  1. App registrations > New registration: any name; choose whose accounts it
     supports, best your own directory's.
  2. Authentication: add the platform Mobile and desktop applications, with the
     redirect URI http://localhost . For machines without a browser, also set
     Allow public client flows to Yes. Make no secret.
  3. API permissions: of Microsoft Graph, the delegated Calendars.ReadWrite and
     Files.ReadWrite.AppFolder.
If an administrator has to approve it, the sign-in ends with a text to send them.
On meetings that you organize, the link goes on your slot alone: on the meeting,
Outlook would mail the guests.
"""

TENANT = """
The tenant follows from the supported account types. This organizational
directory only: the Directory (tenant) ID on the app's overview. Any
organizational directory: organizations. Those and personal accounts: common.
Personal accounts only: consumers.
"""

PEOPLE = """
The report raises its flag for managers only, so it has to know who yours is.
"""
