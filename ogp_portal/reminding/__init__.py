"""Mail that the portal writes by itself: what is due, what was returned or published, and SGP's digest."""
